// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { livingProbers } from '../injection/ephemeral/container.js';
import { stop } from '../injection/ephemeral/control.js';
import { injectPods } from '../injection/ephemeral/inject-pods.js';
import { inEach } from '../injection/ephemeral/each-place.js';
import type { Cluster } from '../kube/cluster.js';
import { callerName } from '../kube/identity.js';
import type { Pod } from '../kube/objects.js';
import { podLabel } from '../kube/pod-eligibility.js';
import { defaultPeriodMs } from '../model/prober.js';
import { nothingFound } from '../targets/missing.js';
import { visitPods } from '../targets/visit-pods.js';
import { injectionOptions, type InjectFlags, type UninjectFlags } from './inject-flags.js';
import { podScope } from './pod-scope.js';
import { withCluster } from './with-cluster.js';

/** Those that still run, of what words or a selector name. */
async function podsOfWords(
  cluster: Cluster,
  scope: ReturnType<typeof podScope>,
  flags: UninjectFlags,
  signal: AbortSignal,
): Promise<Pod[]> {
  const pods: Pod[] = [];
  const meant = scope(cluster);
  await visitPods(cluster, meant, signal, (pod) => pods.push(pod));
  const isNamed = meant.targets.length > 0 && meant.targets.every(({ kind }) => kind === 'pod');
  const running = pods.filter(
    ({ status, metadata }) => isNamed || (status?.phase === 'Running' && metadata.deletionTimestamp === undefined),
  );
  if (running.length === 0)
    throw await nothingFound(cluster, cluster.namespace, 'no pod runs of what was named', signal);
  running.sort((one, other) => (podLabel(one) < podLabel(other) ? -1 : 1));
  if (running.length > flags['max-pods']) {
    throw new Failure('usage', `${running.length} pods are meant, and --max-pods allows ${flags['max-pods']}`);
  }
  return running;
}

function scopeOf(words: string[], flags: UninjectFlags): ReturnType<typeof podScope> {
  if (words.length === 0 && flags.selector === undefined) {
    throw new Failure('usage', 'no pod was specified', {
      hint: 'name pods (pod/web-0, deploy/web), or say -l SELECTOR',
    });
  }
  return podScope(words, { 'all-namespaces': false, selector: flags.selector });
}

function line(pod: Pod, word: string, flags: UninjectFlags): void {
  const dry = { none: '', server: ' (server dry run)' }[flags['dry-run']] ?? ' (dry run)';
  process.stdout.write(`pod/${pod.metadata.name}${flags.output === 'name' ? '' : ` ${word}${dry}`}\n`);
}

function refuseOutput({ output }: UninjectFlags): void {
  if (output === undefined || output === 'name') return;
  throw new Failure('usage', `-o ${output} cannot be given beside --ephemeral`, {
    hint: '-o name is all there is to say',
  });
}

/** `inject --ephemeral`: probers in pods that run. */
export async function injectEphemeralCommand(words: string[], flags: InjectFlags): Promise<void> {
  refuseOutput(flags);
  const scope = scopeOf(words, flags);
  const { agentImage, mesh, pingPort, metricsPort, neighbours } = injectionOptions(flags, false);
  const durationSeconds = Math.ceil(flags.duration / 1000);
  await withCluster(flags, async (cluster, signal, progress) => {
    const [pods, caller] = await Promise.all([
      podsOfWords(cluster, scope, flags, signal),
      callerName(cluster, { signal }),
    ]);
    const request = {
      options: { agentImage, mesh, pingPort, metricsPort, neighbours, durationSeconds, caller },
      periodMs: flags.period ?? defaultPeriodMs,
      dryRun: flags['dry-run'] as 'none' | 'server' | 'client',
      timeoutMs: flags.timeout,
      signal,
    };
    await injectPods(cluster, pods, request, {
      say: (text) => progress.line(text),
      progress: (text) => progress.update(text),
      done: (pod, outcome) => line(pod, outcome === 'changed' ? 'injected' : 'fed', flags),
    });
  });
}

/** `uninject --ephemeral`: ends the probers in pods that run. */
export async function uninjectEphemeralCommand(words: string[], flags: UninjectFlags): Promise<void> {
  refuseOutput(flags);
  const scope = scopeOf(words, flags);
  await withCluster(flags, async (cluster, signal, progress) => {
    const pods = await podsOfWords(cluster, scope, flags, signal);
    progress.update('ending the probers');
    const { done, failures } = await inEach(pods, async (pod) => {
      if (flags['dry-run'] !== 'none') return;
      for (const { name } of livingProbers(pod)) await stop(cluster, pod, name, signal);
    });
    for (const pod of done) line(pod, livingProbers(pod).length > 0 ? 'uninjected' : 'unchanged', flags);
    const [failure, ...others] = failures;
    if (failure === undefined) return;
    if (!signal.aborted) for (const { message } of others) progress.line(`error: ${message}`);
    throw failure;
  });
}
