// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { Failure } from '../errors/failure.js';
import type { InstalledObject } from '../installation/installed-object.js';
import { networkProberObject } from '../injection/network-probers/network-prober-object.js';
import { parseNetworkProber, type ProberSpec } from '../injection/network-prober.js';
import { parseSelector } from '../injection/network-probers/parse-selector.js';
import { proberPorts } from '../injection/sidecar.js';
import { defaultPeriodMs } from '../model/prober.js';
import { isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';

/** The flags that say what a NetworkProber is to be like. Times in ms. */
export interface NetworkProberFlags {
  selector?: string | undefined;
  filename?: string | undefined;
  period?: number | undefined;
  'ping-port'?: number | undefined;
  'metrics-port'?: number | undefined;
  neighbours?: number | undefined;
}

export interface WantedProber {
  object: InstalledObject;
  prober: ProberSpec;
}

/** The one name that was given. Throws Failure `usage`. */
export function oneName(words: readonly string[], usage: string): string {
  const [name, ...more] = words;
  if (name === undefined) throw new Failure('usage', 'no NetworkProber was named', { hint: usage });
  if (more.length > 0) throw new Failure('usage', `unexpected argument: ${more[0] ?? ''}`, { hint: usage });
  const bare = name.replace(/^(networkprobers?(\.probes\.bigmikes\.io)?)\//, '');
  if (!isDnsSubdomain(bare)) {
    throw new Failure('usage', `${quote(bare)} can not be the name of a NetworkProber`, {
      hint: 'lower-case letters, digits, - and .',
    });
  }
  return bare;
}

function checked(object: InstalledObject, source: string): WantedProber {
  const parsed = parseNetworkProber(object);
  if ('prober' in parsed) return { object, prober: parsed.prober };
  throw new Failure('usage', `${source}: ${parsed.faults.join('; ')}`);
}

/** What flags ask for, in a namespace. Throws Failure `usage`. */
export function proberOfFlags(
  words: readonly string[],
  flags: NetworkProberFlags,
): (namespace: string) => WantedProber {
  const name = oneName(words, 'write it such as: inject enable mesh-rtt -l app=web');
  if (flags.selector === undefined) {
    throw new Failure('usage', 'no pods were specified', { hint: '-l SELECTOR says which pods get the prober' });
  }
  const selector = parseSelector(flags.selector);
  const { ping, metrics } = proberPorts({ pingPort: flags['ping-port'], metricsPort: flags['metrics-port'] });
  return (namespace) =>
    checked(
      networkProberObject({
        namespace,
        name,
        selector,
        pingPort: ping,
        metricsPort: metrics,
        periodMs: flags.period ?? defaultPeriodMs,
        neighbours: flags.neighbours,
      }),
      `NetworkProber ${name}`,
    );
}

/** What a file asks for: its one NetworkProber. Throws Failure `usage`. */
export async function proberOfFile(
  words: readonly string[],
  flags: NetworkProberFlags,
): Promise<(namespace: string, isNamespaceGiven: boolean) => WantedProber> {
  const given = (['selector', 'period', 'ping-port', 'metrics-port', 'neighbours'] as const).filter(
    (flag) => flags[flag] !== undefined,
  );
  if (words.length > 0 || given.length > 0) {
    const what = [...(words.length > 0 ? ['a name'] : []), ...given.map((flag) => `--${flag}`)].join(', ');
    throw new Failure('usage', `-f says what the NetworkProber is like: ${what} cannot be given beside it`);
  }
  const [{ readManifestFiles }, { documentsOf }, { Problems }] = await Promise.all([
    import('../manifests/manifest-files.js'),
    import('../manifests/documents.js'),
    import('../manifests/problems.js'),
  ]);
  const { texts } = await readManifestFiles([flags.filename ?? ''], {
    readStandardInput: () => buffer(process.stdin),
    command: 'inject enable',
  });
  const problems = new Problems();
  const values = texts.flatMap((text) => documentsOf(text, problems)).map(({ value }) => value as InstalledObject);
  problems.throwIfAny();
  const file = flags.filename === '-' ? 'standard input' : (flags.filename ?? '');
  const [object] = values;
  if (values.length !== 1 || object?.kind !== 'NetworkProber' || !object.apiVersion.startsWith('probes.bigmikes.io/')) {
    throw new Failure('usage', `${file}: one NetworkProber (probes.bigmikes.io/v1alpha1) is needed, and nothing else`, {
      hint: 'kubectl apply -f takes several of them once the agents are there',
    });
  }
  return (namespace, isNamespaceGiven) => {
    const { metadata } = object;
    const own = metadata.namespace ?? namespace;
    if (isNamespaceGiven && own !== namespace) {
      throw new Failure(
        'usage',
        `the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
      );
    }
    const { name, labels, annotations } = metadata;
    const kept = { name, namespace: own, ...(labels && { labels }), ...(annotations && { annotations }) };
    const { apiVersion, kind } = object;
    return checked({ apiVersion, kind, metadata: kept, spec: object['spec'] }, file);
  };
}
