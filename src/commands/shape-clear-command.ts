// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import { denialOf } from '../kube/denial.js';
import { withoutToolContainer } from '../kube/pod-eligibility.js';
import type { ClearReport } from '../model/shaping.js';
import { rbacCommand } from '../permissions/missing-role.js';
import { clearedNames, renderClearance } from '../report/shape-clear.js';
import type { EntryContext } from '../runs/pod-entry.js';
import { clearShapes, type Clearance } from '../shaping/clear-shapes.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { objectText } from './object-text.js';
import { noShapes, podScope, sayNothingFound, type ScopeFlags } from './pod-scope.js';
import { Progress } from './progress.js';
import { terminalOf } from './terminal.js';
import { toolOptions, type ToolFlags } from './tool-options.js';

/** The flags of `shape clear` and `heal`, as they were parsed. Times in ms. */
export interface ShapeClearFlags extends KubernetesFlagValues, ScopeFlags, ToolFlags {
  filename?: string[] | undefined;
  force: boolean;
  'dry-run': string;
  output: string;
  'no-headers': boolean;
}

/** As `kubectl delete` does, it wants to be told what: everything of a namespace is asked for by naming that. */
function requireScope(words: readonly string[], flags: ShapeClearFlags): void {
  if (flags.filename !== undefined) {
    const isSaidTwice = words.length > 0 || flags['all-namespaces'] || flags.selector !== undefined || flags.force;
    if (!isSaidTwice) return;
    throw new Failure('usage', '-f says which pods: names, -l, -A and --force cannot be given beside it');
  }
  const isSaid = flags['all-namespaces'] || flags.selector !== undefined || flags.namespace !== undefined;
  if (words.length === 0 && !isSaid) {
    throw new Failure('usage', 'no pod, selector or namespace was specified', {
      hint: 'name pods (pod/db-0, deploy/web), or say -l SELECTOR, -n NAMESPACE or -A',
    });
  }
  if (words.length === 0 && flags.force) {
    throw new Failure('usage', '--force looks into pods of which nothing is written, so they have to be named');
  }
}

function textOf(report: ClearReport, flags: ShapeClearFlags): string | Promise<string> {
  if (flags.output === 'name') return clearedNames(report);
  if (flags.output !== 'table') return objectText(report, flags.output);
  return renderClearance(report, { width: terminalOf(process.stdout).width, headers: !flags['no-headers'] });
}

const whereDenied =
  "clearing needs a tool container with NET_ADMIN: set the namespace's level to privileged meanwhile (pod-security.kubernetes.io/enforce), or replace the pod";

/** There is no other way into a pod's network than a tool container. */
function withoutOtherWays(hint = ''): string {
  const sentences = hint.split('; ').filter((sentence) => sentence !== withoutToolContainer);
  return sentences.join('; ');
}

/** What helps with the first failure; the others mostly have the same cause. */
function hintText([failure]: readonly Failure[]): string {
  if (failure === undefined) return '';
  const denial = denialOf(failure);
  const rbac = denial && rbacCommand(denial, 'shape');
  if (rbac !== undefined) return `hint: all that shape needs: ${rbac}\n`;
  const hint = failure.reason === 'PodSecurityDenied' ? whereDenied : withoutOtherWays(failure.hint);
  return hint === '' ? '' : `hint: ${hint}\n`;
}

/** 3 where something failed, 5 where all that failed cannot be done here, else 0. */
export function clearExitCode(failures: readonly Failure[]): number {
  if (failures.length === 0) return 0;
  return failures.every(({ code }) => code === 'unsupported') ? 5 : 3;
}

function contextOf(cluster: Cluster, flags: ShapeClearFlags, signal: AbortSignal, progress: Progress): EntryContext {
  return {
    cluster,
    signal,
    tool: toolOptions(flags),
    observer: {
      notice: (line) => progress.line(line),
      left: (line) => progress.line(`error: ${line}`),
      progress: (text) => progress.update(text),
    },
  };
}

/** Only those who name a file pay for reading YAML. */
async function clearFiles(context: EntryContext, names: readonly string[], dryRun: ClearReport['dryRun']) {
  const [{ readShapeFiles }, { clearManifests }] = await Promise.all([
    import('./read-shape-files.js'),
    import('../shaping/manifests/clear-manifests.js'),
  ]);
  const { targets } = await readShapeFiles(names);
  return clearManifests(context, targets, { dryRun });
}

/** `shape clear` and `heal`: words and flags to a report of what was cleared. */
export async function shapeClearCommand(words: string[], flags: ShapeClearFlags): Promise<void> {
  requireScope(words, flags);
  const scopeIn = podScope(words, flags);
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  try {
    progress.update('looking for shapes');
    const scope = scopeIn(cluster);
    const dryRun = flags['dry-run'] as ClearReport['dryRun'];
    const context = contextOf(cluster, flags, limits.signal, progress);
    const found: Clearance =
      flags.filename === undefined
        ? await clearShapes(context, { ...scope, force: flags.force, dryRun })
        : await clearFiles(context, flags.filename, dryRun);
    progress.stop();
    const { report, failures } = found;
    if (report.items.length === 0) {
      await sayNothingFound(cluster, scope, { words: noShapes, signal: limits.signal });
    }
    process.stdout.write(await textOf(report, flags));
    process.stderr.write(hintText(failures));
    process.exitCode = limits.interrupted() ? 130 : clearExitCode(failures);
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}
