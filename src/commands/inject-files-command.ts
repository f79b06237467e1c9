// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { Failure } from '../errors/failure.js';
import { injectText, uninjectText, type PipedText } from '../injection/piped-yaml.js';
import { joinTexts } from '../injection/join-texts.js';
import { unkeptNamespaces } from '../injection/live/unkept.js';
import { connectCluster } from '../kube/connect.js';
import { readManifestFiles } from '../manifests/manifest-files.js';
import { peerListName } from '../model/prober.js';
import { clusterOptions } from './flags/cluster-options.js';
import { injectionOptions, type InjectFlags, type UninjectFlags } from './inject-flags.js';
import { hasNativeSidecars } from './native-sidecars.js';

/** How long a cluster may take to answer what is only good to know. */
const askMs = 2000;

/** `inject -f`: texts with the prober, on stdout. */
export async function injectFilesCommand(words: readonly string[], flags: InjectFlags): Promise<void> {
  refuseBeside(words, flags);
  const { 'native-sidecar': wanted = 'true' } = flags;
  const native = wanted === 'auto' ? await isNative(flags) : wanted === 'true';
  const injection = injectionOptions(flags, native);
  // The name of a person's mesh is that of the ConfigMap in every namespace.
  const options = { ...injection, configMap: peerListName(injection.mesh, '') };
  const done = await changeFiles(flags, 'inject', (text) => injectText(text, options));
  if (done.changed.length === 0) {
    throw new Failure('notFound', 'no workload is in what was read', {
      hint: 'Deployments, StatefulSets, DaemonSets, CronJobs, Jobs and pods are taken, also in lists',
    });
  }
  process.stdout.write(done.text);
  for (const line of await notes(flags, done)) process.stderr.write(`note: ${line}\n`);
}

/** `uninject -f`: texts without the prober, on stdout. */
export async function uninjectFilesCommand(words: readonly string[], flags: UninjectFlags): Promise<void> {
  refuseBeside(words, flags);
  const done = await changeFiles(flags, 'uninject', uninjectText);
  process.stdout.write(done.text);
  if (done.changed.length === 0) process.stderr.write('note: no prober was in what was read: it is unchanged\n');
}

function refuseBeside(words: readonly string[], flags: UninjectFlags): void {
  const beside =
    words.length > 0 ? 'names' : flags.selector !== undefined ? '-l' : flags.recreate ? '--recreate' : undefined;
  if (beside !== undefined) throw new Failure('usage', `-f says which workloads: ${beside} cannot be given beside it`);
  if (flags.output !== undefined || flags['dry-run'] !== 'none') {
    throw new Failure(
      'usage',
      '-f writes the changed text and nothing else: -o and --dry-run cannot be given beside it',
    );
  }
}

async function changeFiles(
  { filename = [] }: UninjectFlags,
  command: 'inject' | 'uninject',
  change: (text: string) => PipedText,
): Promise<PipedText> {
  const options = { readStandardInput: () => buffer(process.stdin), command, keepMark: true };
  const { texts, warnings } = await readManifestFiles(filename, options);
  for (const line of warnings) process.stderr.write(`warning: ${line}\n`);
  const done = texts.map(({ name, text }) => {
    try {
      return change(text);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      throw new Failure(thrown.code, `${name}: ${thrown.message}`, { hint: thrown.hint });
    }
  });
  return {
    text: joinTexts(done.map(({ text }) => text)),
    changed: done.flatMap(({ changed }) => changed),
    namespaces: [...new Set(done.flatMap(({ namespaces }) => namespaces))],
  };
}

async function isNative(flags: InjectFlags): Promise<boolean> {
  const native = await asked(flags, hasNativeSidecars);
  if (native === undefined) {
    process.stderr.write('note: no cluster answers what it has: native sidecars need Kubernetes 1.29\n');
  }
  return native ?? true;
}

/** What the user still has to do, as far as a cluster that can be reached tells. */
async function notes(flags: InjectFlags, { namespaces }: PipedText): Promise<string[]> {
  if (flags.static) return [];
  const unkept = await asked(flags, (cluster, signal) => unkeptNamespaces(cluster, flags.mesh, namespaces, signal));
  const mesh = flags.mesh === 'netmachinery' ? '' : ` --mesh ${flags.mesh}`;
  return (unkept ?? []).map(
    (namespace) =>
      `nobody keeps the peer list of mesh ${flags.mesh} in namespace ${namespace} yet: kubectl netmachinery inject --agents-only${mesh} -n ${namespace}`,
  );
}

/** What a cluster answers quickly; undefined where none does, or does not say. */
async function asked<T>(
  flags: InjectFlags,
  ask: (cluster: Awaited<ReturnType<typeof connectCluster>>, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    const cluster = await connectCluster(clusterOptions(flags));
    try {
      return await ask(cluster, AbortSignal.timeout(askMs));
    } finally {
      cluster.close();
    }
  } catch {
    return undefined;
  }
}
