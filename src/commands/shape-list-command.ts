// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { pause } from '../kube/pause.js';
import { plainText } from '../report/plain-text.js';
import { renderShapes, shapedNames, type ShapeListRenderOptions } from '../report/shape-list.js';
import { describeEffects, describeScope } from '../shaping/describe-effects.js';
import { listShapes, type FoundShapes } from '../shaping/list-shapes.js';
import type { PodScope } from '../targets/visit-pods.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { objectText } from './object-text.js';
import { noShapes, podScope, sayNothingFound, type ScopeFlags } from './pod-scope.js';
import { Progress } from './progress.js';
import { ShapeListView } from './shape-list-view.js';
import { terminalOf } from './terminal.js';

/** The flags of `shape list`, as they were parsed. */
export interface ShapeListFlags extends KubernetesFlagValues, ScopeFlags {
  watch: boolean;
  output: string;
  'no-headers': boolean;
}

/** Of many pods the same is mostly wrong. */
const shownNotes = 5;
const watchEveryMs = 1000;
/** Looking takes at most this part of the time: a large cluster is looked at less often. */
const pausesForEachLook = 4;

function renderOptions(flags: ShapeListFlags): ShapeListRenderOptions {
  return {
    width: terminalOf(process.stdout).width,
    headers: !flags['no-headers'],
    now: new Date(),
    namespaces: flags['all-namespaces'],
    wide: flags.output === 'wide',
    effects: ({ effects }) => describeEffects(effects),
    scope: ({ scope }) => describeScope(scope),
  };
}

function writeNotes(notes: readonly string[]): void {
  for (const note of notes.slice(0, shownNotes)) process.stderr.write(`Note: ${plainText(note)}\n`);
  const more = notes.length - shownNotes;
  if (more > 0) process.stderr.write(`Note: so it is with ${more} more\n`);
}

async function textOf({ list }: FoundShapes, flags: ShapeListFlags): Promise<string> {
  if (flags.output === 'name') return shapedNames(list);
  if (flags.output !== 'table' && flags.output !== 'wide') return objectText(list, flags.output);
  return renderShapes(list.items, renderOptions(flags));
}

/** Shows lists until the signal ends it. A server that fails for a while is looked at again. */
async function watch(cluster: Cluster, scope: PodScope, flags: ShapeListFlags, signal: AbortSignal): Promise<void> {
  const view = new ShapeListView(process.stdout);
  const noted = new Set<string>();
  for (let isFirst = true; ; isFirst = false) {
    const startedMs = performance.now();
    try {
      const { list, notes } = await listShapes(cluster, scope, signal);
      const fresh = notes.filter((note) => !noted.has(note));
      writeNotes(fresh);
      fresh.forEach((note) => noted.add(note));
      view.show(list.items, renderOptions(flags));
    } catch (thrown) {
      if (isFirst || !(thrown instanceof Failure) || thrown.code !== 'cluster') throw thrown;
      writeNotes([thrown.message]);
    }
    const tookMs = performance.now() - startedMs;
    await pause(Math.max(watchEveryMs, tookMs * pausesForEachLook), signal);
  }
}

/** `shape list`: words and flags to a list of shapes. */
export async function shapeListCommand(words: string[], flags: ShapeListFlags): Promise<void> {
  const scopeIn = podScope(words, flags);
  if (flags.watch && flags.output !== 'table' && flags.output !== 'wide') {
    throw new Failure('usage', `--watch and -o ${flags.output} exclude each other`, {
      hint: 'call it again and again, or watch with -o table or -o wide',
    });
  }
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY && !flags.watch);
  let cluster: Cluster | undefined;
  try {
    cluster = await connectCluster(clusterOptions(flags));
    const scope = scopeIn(cluster);
    if (flags.watch) {
      await watch(cluster, scope, flags, limits.signal);
      return;
    }
    progress.update('looking for shapes');
    const found = await listShapes(cluster, scope, limits.signal);
    progress.stop();
    writeNotes(found.notes);
    if (found.list.items.length === 0) {
      await sayNothingFound(cluster, scope, { words: noShapes, signal: limits.signal });
    }
    process.stdout.write(await textOf(found, flags));
  } finally {
    progress.stop();
    limits.dispose();
    cluster?.close();
  }
}
