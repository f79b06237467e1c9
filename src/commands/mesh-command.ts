// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { pause } from '../kube/pause.js';
import { ProberReader } from '../mesh/prober-reader.js';
import { readMesh, type MeshLook, type MeshRequest } from '../mesh/read-mesh.js';
import type { MeshGrouping, MeshReport } from '../model/mesh.js';
import { probeProtocols, type ProbeProtocol } from '../model/prober.js';
import type { MeshValue } from '../report/mesh/cell.js';
import { renderMeshCsv } from '../report/mesh/csv.js';
import { meshNames, renderMeshTable } from '../report/mesh/mesh.js';
import { summaryLines } from '../report/mesh/summary.js';
import type { MeshTableOptions } from '../report/mesh/table-options.js';
import { renderMeshWide } from '../report/mesh/wide.js';
import { missingNamespace } from '../targets/missing.js';
import type { PodScope } from '../targets/visit-pods.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { shownNotes, windowNotes, writeNotes } from './mesh-notes.js';
import { MeshView } from './mesh-view.js';
import { objectText } from './object-text.js';
import { podScope, type ScopeFlags } from './pod-scope.js';
import { Progress } from './progress.js';
import { colorLevel, terminalOf, type ColorMode } from './terminal.js';

/** The flags of `mesh`, as they were parsed. Times in ms. */
export interface MeshFlags extends KubernetesFlagValues, ScopeFlags {
  mesh?: string | undefined;
  by: string;
  protocol?: string | undefined;
  since: number;
  value: string;
  watch: boolean;
  output: string;
  'no-headers': boolean;
  color: string;
}

const watchEveryMs = 1000;
/** Looking takes at most this part of the time: a large mesh is looked at less often. */
const pausesForEachLook = 4;

const shownProtocol = ({ protocol = 'http' }: MeshFlags) => protocol as ProbeProtocol;

function tableOptions(flags: MeshFlags): Omit<MeshTableOptions, 'sinceMs'> {
  return {
    protocol: shownProtocol(flags),
    value: flags.value as MeshValue,
    width: terminalOf(process.stdout).width,
    color: colorLevel(flags.color as ColorMode, process.stdout),
    headers: !flags['no-headers'],
  };
}

async function textOf(report: MeshReport, flags: MeshFlags): Promise<string> {
  const headers = !flags['no-headers'];
  switch (flags.output) {
    case 'table':
      return renderMeshTable(report, tableOptions(flags), flags.since);
    case 'wide':
      return renderMeshWide(report, headers);
    case 'csv':
      return renderMeshCsv(report, headers);
    case 'html':
      return (await import('../report/mesh/html.js')).renderMeshHtml(report, flags.value as MeshValue);
    case 'name':
      return meshNames(report);
    default:
      return objectText(report, flags.output);
  }
}

async function noProbers(cluster: Cluster, { scope, mesh, signal }: MeshRequest): Promise<Failure> {
  const { namespace, targets } = scope;
  const missing = namespace === undefined ? undefined : await missingNamespace(cluster, namespace, signal);
  if (missing !== undefined) return missing;
  const where = namespace === undefined ? 'in any namespace' : `in namespace ${namespace}`;
  const which = [
    ...(mesh === undefined ? [] : [`of mesh ${mesh}`]),
    ...(targets.length > 0 ? ['among these pods'] : []),
    ...(scope.selector === undefined ? [] : [`with labels ${scope.selector}`]),
  ];
  const elsewhere = namespace === undefined ? '' : ', or look into all namespaces with -A';
  return new Failure('notFound', ['no probers found', ...which, where].join(' '), {
    hint: `add them with kubectl netmachinery inject deploy/NAME${elsewhere}`,
  });
}

/** Shows the mesh until the signal ends it. A server that fails for a while is looked at again. */
async function watch(look: () => Promise<MeshLook>, flags: MeshFlags, signal: AbortSignal): Promise<void> {
  const view = new MeshView(process.stdout);
  let noted = '';
  for (let isFirst = true; ; isFirst = false) {
    const startedMs = performance.now();
    try {
      const { report, notes } = await look();
      const all = [...windowNotes(report, flags), ...notes];
      if (!process.stdout.isTTY && all.join('\n') !== noted) writeNotes(all);
      noted = all.join('\n');
      view.show(report, all.slice(0, shownNotes), tableOptions(flags));
    } catch (thrown) {
      const passes = thrown instanceof Failure && ['cluster', 'tool', 'notFound'].includes(thrown.code);
      if (isFirst || !passes || signal.aborted) throw thrown;
      writeNotes([thrown.message]);
    }
    await pause(Math.max(watchEveryMs, (performance.now() - startedMs) * pausesForEachLook), signal);
  }
}

function requestOf(scope: PodScope, flags: MeshFlags, signal: AbortSignal): MeshRequest {
  const all = flags.output !== 'table' && flags.protocol === undefined;
  return {
    scope,
    mesh: flags.mesh,
    sinceMs: flags.since,
    by: flags.by as MeshGrouping,
    protocols: all ? probeProtocols : [shownProtocol(flags)],
    signal,
  };
}

/** `mesh`: words and flags to what the probers of some pods have measured. */
export async function meshCommand(words: string[], flags: MeshFlags): Promise<void> {
  const scopeIn = podScope(words, flags);
  if (flags.watch && flags.output !== 'table') {
    throw new Failure('usage', `--watch and -o ${flags.output} exclude each other`, {
      hint: 'call it again and again, or watch the table',
    });
  }
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY && !flags.watch);
  let cluster: Cluster | undefined;
  try {
    const connected = await connectCluster(clusterOptions(flags));
    cluster = connected;
    const request = requestOf(scopeIn(connected), flags, limits.signal);
    const reader = new ProberReader(connected, request);
    const look = async (): Promise<MeshLook> => {
      const found = await readMesh(connected, reader, request);
      if (found === undefined) throw await noProbers(connected, request);
      return found;
    };
    if (flags.watch) {
      await watch(look, flags, limits.signal);
      return;
    }
    progress.update('reading probers');
    const { report, notes } = await look();
    progress.stop();
    process.stdout.write(await textOf(report, flags));
    writeNotes([...windowNotes(report, flags), ...notes]);
    const summary = { protocol: shownProtocol(flags), value: flags.value as MeshValue };
    process.stderr.write(
      summaryLines(report, summary)
        .map((line) => `${line}\n`)
        .join(''),
    );
  } finally {
    progress.stop();
    limits.dispose();
    cluster?.close();
  }
}
