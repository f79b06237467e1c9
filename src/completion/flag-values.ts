// SPDX-License-Identifier: Apache-2.0
import { resourceKinds } from '../targets/resource-types.js';
import type { FlagDescription } from '../surface/command-surface.js';
import type { CommandLine } from './command-line.js';
import { commaWords } from './comma-words.js';
import { anyTarget, objectOf, readTargets, targetChoices } from './target-words.js';
import { nothing, words, type Wanted } from './wanted.js';

/** What may be the value of a flag that begins with `start`. */
type ValueChoices = (start: string, line: CommandLine) => Wanted;

/** Times, numbers, names that are free, secrets, selectors: nobody knows them but the user. */
const free: ValueChoices = () => nothing;
const files: ValueChoices = () => ({ offers: [], shell: 'files' });
const oneOf = (...list: string[]): ValueChoices => {
  return () => words(...list);
};
const severalOf = (...list: string[]): ValueChoices => {
  return (start) => commaWords(start, list);
};
const destination = (start: string) => targetChoices(start, anyTarget);
const namespaces: ValueChoices = () => ({ offers: [], lookup: { of: 'names', kind: 'namespace' } });

/** The containers of what the line names first. */
const containers: ValueChoices = (_start, line) => {
  const [first = ''] = readTargets(line.words).targets;
  const object = line.given.has('selector') ? undefined : objectOf(first);
  return object === undefined ? nothing : { offers: [], lookup: { of: 'containers', object } };
};

const control: ValueChoices = (start) => {
  const wanted = targetChoices(start, anyTarget);
  const own = [
    { word: 'destination', description: 'a connection of the destination to itself' },
    { word: 'none', description: 'no positive control' },
  ];
  return { ...wanted, offers: [...own, ...wanted.offers] };
};

const serviceAccount: ValueChoices = (start) => {
  const colon = start.indexOf(':');
  if (colon < 0) return { ...namespaces(start, {} as CommandLine), after: ':', noSpace: true };
  const namespace = start.slice(0, colon);
  return {
    offers: [],
    lookup: { of: 'names', kind: 'serviceaccount', namespace },
    before: `${namespace}:`,
  };
};

/** The namespace of a Secret; Secrets themselves are not read for the sake of a word. */
const pullSecret: ValueChoices = (start, line) =>
  start.includes('/') ? nothing : { ...namespaces(start, line), after: '/', noSpace: true };

/**
 * What flags have as values, by their names; `COMMAND --NAME` where a command means another thing by it. Those whose values
 * are a closed list have it in their description.
 */
const valuesOf: Readonly<Record<string, ValueChoices>> = {
  // Where and as whom.
  namespace: namespaces,
  'to-namespace': namespaces,
  context: () => ({ offers: [], lookup: { of: 'contexts' } }),
  cluster: () => ({ offers: [], lookup: { of: 'clusters' } }),
  user: () => ({ offers: [], lookup: { of: 'users' } }),
  'rbac --user': free,
  group: free,
  serviceaccount: serviceAccount,
  name: free,
  server: free,
  'dns --server': destination,
  token: free,
  username: free,
  password: free,
  as: free,
  'as-group': oneOf('system:masters', 'system:authenticated', 'system:unauthenticated'),
  'as-uid': free,
  'as-user-extra': free,
  'tls-server-name': free,
  'request-timeout': free,
  v: free,
  // Files.
  kubeconfig: files,
  'certificate-authority': files,
  'client-certificate': files,
  'client-key': files,
  filename: files,
  'body-file': files,
  'json-file': files,
  'junit-file': files,
  'tap-file': files,
  'html-file': files,
  // Which pods.
  selector: free,
  'to-selector': free,
  mode: oneOf('one', 'all', 'random'),
  'max-pods': free,
  'from-node': () => ({ offers: [], lookup: { of: 'names', kind: 'node' } }),
  control,
  container: containers,
  peer: (start) => afterComma(start, destination),
  'shape --exclude': (start) => afterComma(start, destination),
  'verify-to': destination,
  targets: severalOf('selector', ...resourceKinds),
  mesh: (_start, { given }) => ({ offers: [], lookup: { of: 'meshes', everywhere: given.has('all-namespaces') } }),
  // How tests are made.
  attempts: free,
  payload: free,
  timeout: free,
  'connect-timeout': free,
  'max-time': free,
  'tool-timeout': free,
  idle: free,
  deadline: free,
  interval: free,
  duration: free,
  period: free,
  since: free,
  frequency: free,
  concurrency: free,
  count: free,
  size: free,
  ttl: free,
  'max-hops': free,
  'max-size': free,
  port: free,
  'source-port': free,
  'destination-port': free,
  interface: free,
  image: free,
  reason: free,
  type: severalOf('A', 'AAAA', 'CNAME', 'PTR', 'SRV'),
  method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  header: free,
  path: free,
  'follow-redirects': free,
  // What is expected, and how it is shown.
  ignore: severalOf('unsupported', 'inconclusive'),
  'expect-rcode': oneOf('NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'FORMERR', 'NOTIMP'),
  'expect-answer': free,
  'expect-status': oneOf('200', '2xx', '3xx', '4xx', '5xx'),
  'expect-body': free,
  'expect-mtu': free,
  'max-loss': free,
  slower: free,
  'slower-by': free,
  // Suites.
  set: free,
  test: free,
  include: free,
  exclude: free,
  retries: free,
  repeat: free,
  // Probers.
  neighbours: free,
  'ping-port': free,
  'metrics-port': free,
  'agent-image': free,
  'controller-image': free,
  'allow-image': free,
  // Checks.
  'node-selector': free,
  toleration: free,
  'image-pull-secret': free,
  'check --image-pull-secret': pullSecret,
  'external-name': free,
  url: free,
  // Effects.
  delay: free,
  jitter: free,
  correlation: free,
  loss: free,
  'loss-correlation': free,
  duplicate: free,
  'duplicate-correlation': free,
  corrupt: free,
  'corrupt-correlation': free,
  reorder: free,
  'reorder-correlation': free,
  gap: free,
  rate: free,
  limit: free,
  slot: free,
  // completion install.
  dir: () => ({ offers: [], shell: 'folders' }),
};

/** The last of several words with commas. */
function afterComma(start: string, choices: (start: string) => Wanted): Wanted {
  const given = start.slice(0, start.lastIndexOf(',') + 1);
  const wanted = choices(start.slice(given.length));
  return {
    ...wanted,
    offers: wanted.offers.map((offer) => ({ ...offer, word: given + offer.word })),
    before: given + (wanted.before ?? ''),
  };
}

function choicesOf(command: string, { name }: FlagDescription): ValueChoices | undefined {
  return valuesOf[`${command} --${name}`] ?? valuesOf[name];
}

/** Whether somebody has thought about what the values of a flag are. */
export function isClassified(command: string, flag: FlagDescription): boolean {
  return flag.type !== 'option' || flag.options !== undefined || choicesOf(command, flag) !== undefined;
}

/** What may be the value of a flag that begins with `start`. */
export function flagValue(flag: FlagDescription, start: string, line: CommandLine): Wanted {
  if (flag.options !== undefined) return words(...flag.options);
  return (choicesOf(line.command.id, flag) ?? free)(start, line);
}
