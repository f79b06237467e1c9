// SPDX-License-Identifier: Apache-2.0
import { clean, type CleanRequest } from '../cleanup/clean.js';
import { Failure } from '../errors/failure.js';
import { agentState } from '../injection/agents/agent-state.js';
import type { Cluster } from '../kube/cluster.js';
import { parseDenial } from '../kube/denial.js';
import { connectCluster } from '../kube/connect.js';
import type { CleanupReport } from '../model/cleanup.js';
import { agentNamespace } from '../model/prober.js';
import { rbacCommand } from '../permissions/missing-role.js';
import { cleanedNames, renderCleanup } from '../report/cleanup.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { objectText } from './object-text.js';
import { podScope, sayNothingFound, type ScopeFlags } from './pod-scope.js';
import { Progress } from './progress.js';
import { terminalOf } from './terminal.js';

/** The flags of `clean`, as they were parsed. */
export interface CleanFlags extends KubernetesFlagValues, ScopeFlags {
  force: boolean;
  'dry-run': string;
  output: string;
  'no-headers': boolean;
}

function textOf(report: CleanupReport, flags: CleanFlags): string | Promise<string> {
  if (flags.output === 'name') return cleanedNames(report);
  if (flags.output !== 'table') return objectText(report, flags.output);
  const { width } = terminalOf(process.stdout);
  return renderCleanup(report, { width, headers: !flags['no-headers'], now: new Date() });
}

function nothingToClean(namespace: string | undefined): string {
  return `Nothing to clean in ${namespace === undefined ? 'any namespace' : `namespace ${namespace}`}.`;
}

/** What would allow the first thing that was denied; the others mostly lack the same. */
function permissionHint({ items }: CleanupReport): string {
  const denials = items.flatMap(({ outcome, message }) => (outcome === 'failed' ? [parseDenial(message)] : []));
  const denial = denials.find((found) => found !== undefined);
  const rbac = denial && rbacCommand(denial, 'clean');
  return rbac === undefined ? '' : `hint: all that clean needs: ${rbac}\n`;
}

/** The agents of `inject` belong to everybody, so they are only named, to those who look everywhere and may see them. */
async function agentsNote(cluster: Cluster, { namespace, signal }: CleanRequest): Promise<string> {
  if (namespace !== undefined) return '';
  try {
    const { controller, webhook } = await agentState(cluster, signal);
    if (controller === undefined && webhook === undefined) return '';
    return `note: the agents of inject run in namespace ${agentNamespace}: kubectl netmachinery inject uninstall removes them\n`;
  } catch (thrown) {
    if (thrown instanceof Failure) return '';
    throw thrown;
  }
}

/** `clean`: words and flags to a list of what was ended and what was not. */
export async function cleanCommand(words: string[], flags: CleanFlags): Promise<void> {
  const scopeIn = podScope(words, flags);
  const limits = limitRun(undefined);
  const progress = new Progress(process.stderr.isTTY);
  const cluster = await connectCluster(clusterOptions(flags));
  const request: CleanRequest = {
    ...scopeIn(cluster),
    force: flags.force,
    dryRun: flags['dry-run'] as CleanRequest['dryRun'],
    signal: limits.signal,
  };
  try {
    progress.update('looking for tool containers and probers');
    const report = await clean(cluster, request);
    progress.stop();
    if (report.items.length === 0) {
      await sayNothingFound(cluster, request, { words: nothingToClean, signal: limits.signal });
    }
    process.stdout.write(await textOf(report, flags));
    process.stderr.write(permissionHint(report));
    process.stderr.write(await agentsNote(cluster, request));
    if (limits.interrupted()) process.exitCode = 130;
    else process.exitCode = report.items.some(({ outcome }) => outcome === 'failed') ? 3 : 0;
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}
