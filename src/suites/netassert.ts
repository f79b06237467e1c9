// SPDX-License-Identifier: Apache-2.0
import { Fields } from '../manifests/fields.js';
import type { Located } from '../manifests/place.js';
import { parseDestination } from '../targets/destination-grammar.js';
import { isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import type { DestinationRef, ObjectSource, Protocol } from '../targets/refs.js';
import { readChoice, readCount } from './scalars.js';
import { readNamespaceOf } from './seed-source.js';
import { seedTest } from './seed-suite.js';
import { nameOfFile } from './name-of-file.js';
import type { SuiteProbe } from './suite-probe.js';
import type { Suite, SuiteTest } from './suite.js';

/** Of a test that may be wrong otherwise. */
export type TestName = Pick<SuiteTest, 'name' | 'place'>;

const kinds = ['deployment', 'statefulset', 'daemonset', 'pod'] as const;

/** What one attempt of `connect` waits by default. */
const attemptMs = 3500;

/** The share of attempts that netassert's client wants to succeed is 80 %. */
const maxLossPercent = 20;

/** A test file of netassert v2 (controlplaneio/netassert, internal/data/types.go): a list of tests, each from one pod. */
export function readNetassert(
  { value, place }: Located,
  file: string,
  warnings: string[],
): { suite: Suite; names: TestName[] } {
  const items = value as readonly unknown[];
  if (items.length === 0) place.wrong('the list is empty', 'at least one test is needed');
  const objects = items.flatMap((item, index) => Fields.of(item, place.at(index)) ?? []);
  const tests = objects.flatMap((fields) => readTest(fields, warnings) ?? []);
  const names = objects.flatMap((fields) => {
    const name = fields.raw('name');
    return typeof name === 'string' && name !== '' ? [{ name, place: fields.place.where }] : [];
  });
  return { suite: { name: nameOfFile(file), file, format: 'netassert tests', tests }, names };
}

function readTest(fields: Fields, warnings: string[]): SuiteTest | undefined {
  const name = fields.required('name');
  const type = readChoice(fields, 'type', ['k8s'] as const);
  if (!fields.has('type')) fields.at('type').wrong('is needed', 'write type: k8s');
  const protocol = readChoice(fields, 'protocol', ['tcp', 'udp'] as const) ?? 'tcp';
  const port = readCount(fields, 'targetPort', 1, 65_535);
  if (!fields.has('targetPort')) fields.at('targetPort').wrong('is needed');
  const timeoutSeconds = readCount(fields, 'timeoutSeconds', 1, 86_400) ?? 15;
  const attempts = readCount(fields, 'attempts', 1, 100) ?? 3;
  const exitCode = readCount(fields, 'exitCode', 0, 1) ?? 0;
  for (const result of ['pass', 'failureReason']) {
    if (fields.has(result)) warnings.push(`${fields.at(result).toString()}: ignored: it is a result of netassert's`);
  }
  const source = readSource(fields);
  const destination = readDestination(fields, protocol, port);
  fields.end();
  if (name === undefined || type === undefined || source === undefined || destination === undefined) return undefined;
  const probe = probeOf(protocol, destination, attempts, timeoutSeconds);
  const test = seedTest({ name, place: fields.place, from: { source, mode: 'one' }, destination, probe });
  return { ...test, expect: exitCode === 0 ? 'allow' : 'deny', maxLossPercent };
}

/** `timeoutSeconds` is the time of the whole test: all attempts fit into it. */
function probeOf(protocol: Protocol, { target }: DestinationRef, attempts: number, timeoutSeconds: number): SuiteProbe {
  const timeoutMs = Math.floor((timeoutSeconds * 1000) / attempts);
  const isPod = target.kind !== 'host' && target.kind !== 'ip';
  return {
    kind: 'connect',
    protocol,
    attempts,
    ...(timeoutMs < attemptMs ? { timeoutMs } : {}),
    // netassert looks into the destination pod for what arrives over UDP; so do we.
    ...(protocol === 'udp' && isPod ? { proof: 'counters' as const } : {}),
  };
}

function readSource(fields: Fields): ObjectSource<(typeof kinds)[number]> | undefined {
  const source = fields.child('src');
  if (!fields.has('src')) fields.at('src').wrong('is needed');
  const resource = source && readResource(source);
  if (source?.has('k8sResource') === false) source.at('k8sResource').wrong('is needed');
  source?.end();
  return resource && { ...resource, text: textOf(resource) };
}

interface Resource {
  kind: (typeof kinds)[number];
  namespace: string;
  name: string;
}

const textOf = ({ kind, namespace, name }: Resource) => `${namespace}/${kind}/${name}`;

function readResource(parent: Fields): Resource | undefined {
  const fields = parent.child('k8sResource');
  if (fields === undefined) return undefined;
  const kind = readChoice(fields, 'kind', kinds);
  if (!fields.has('kind')) fields.at('kind').wrong('is needed', `allowed are ${kinds.join(', ')}`);
  const name = fields.required('name');
  if (name !== undefined && !isDnsSubdomain(name)) fields.at('name').wrong(`${quote(name)} can not be a name`);
  const namespace = readNamespaceOf(fields);
  fields.end();
  return kind === undefined || name === undefined || namespace === undefined ? undefined : { kind, namespace, name };
}

function readDestination(fields: Fields, protocol: Protocol, port: number | undefined): DestinationRef | undefined {
  const destination = fields.child('dst');
  if (!fields.has('dst')) fields.at('dst').wrong('is needed');
  if (destination === undefined) return undefined;
  const resource = readResource(destination);
  const host = destination.child('host');
  const hostName = host?.required('name');
  host?.end();
  destination.end();
  const [isResource, isHost] = [destination.says('k8sResource'), destination.says('host')];
  if (isResource && isHost) {
    destination.place.wrong('one of k8sResource and host is needed', 'leave one of them out');
    return undefined;
  }
  if (!destination.has('k8sResource') && !destination.has('host')) {
    destination.place.wrong('one of k8sResource and host is needed');
    return undefined;
  }
  if (port === undefined) return undefined;
  const options = { verb: 'connect', defaultProtocol: protocol } as const;
  if (resource !== undefined) {
    const { kind, namespace, name } = resource;
    return { text: `${textOf(resource)}:${port}`, target: { kind, namespace, name }, ports: [port], protocol };
  }
  if (hostName === undefined) return undefined;
  const word = hostName.includes(':') ? `[${hostName}]:${port}` : `host/${hostName}:${port}`;
  return host?.at('name').attempt(() => parseDestination(word, options));
}
