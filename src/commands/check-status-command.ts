// SPDX-License-Identifier: Apache-2.0
import type { Status } from '../check/install/status-without-server.js';
import { readStatus } from '../check/install/status.js';
import { Failure } from '../errors/failure.js';
import { connectCluster } from '../kube/connect.js';
import { pause } from '../kube/pause.js';
import { checkExitCode, renderCheck, type CheckFormat } from '../report/check/render-check.js';
import type { RenderOptions } from '../report/render-options.js';
import { CheckStatusView } from './check-status-view.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { KubernetesFlagValues } from './flags/kubernetes.js';
import { limitRun } from './interruption.js';
import { writeNotes } from './mesh-notes.js';
import { Progress } from './progress.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** The flags of `check status`, as they were parsed. Times in ms. */
export interface CheckStatusFlags extends KubernetesFlagValues {
  timeout: number;
  watch: boolean;
  output: string;
  'no-headers': boolean;
  color: string;
}

const watchEveryMs = 2000;

function renderOptions(flags: CheckStatusFlags): RenderOptions {
  return {
    width: terminalOf(process.stdout).width,
    color: wantsColor(flags.color as ColorMode, process.stdout),
    headers: !flags['no-headers'],
  };
}

/** Shows the status until the signal ends it. A server that fails for a while is asked again. */
async function watch(look: () => Promise<Status>, flags: CheckStatusFlags, signal: AbortSignal): Promise<void> {
  const view = new CheckStatusView(process.stdout);
  let noted = '';
  for (let isFirst = true; ; isFirst = false) {
    try {
      const { report, notes } = await look();
      if (notes.join('\n') !== noted) writeNotes(notes);
      noted = notes.join('\n');
      await view.show(report, renderOptions(flags));
    } catch (thrown) {
      const passes = thrown instanceof Failure && ['cluster', 'tool'].includes(thrown.code);
      if (isFirst || !passes || signal.aborted) throw thrown;
      if (thrown.message !== noted) writeNotes([thrown.message]);
      noted = thrown.message;
    }
    await pause(watchEveryMs, signal);
  }
}

/** `check status`: flags to what an installed check knows. */
export async function checkStatusCommand(words: string[], flags: CheckStatusFlags): Promise<void> {
  if (words.length > 0) throw new Failure('usage', `unexpected argument: ${words[0] ?? ''}`);
  if (flags.watch && flags.output !== 'table') {
    throw new Failure('usage', `--watch and -o ${flags.output} exclude each other`, {
      hint: 'call it again and again, or watch the table',
    });
  }
  const limits = limitRun(flags.watch ? undefined : flags.timeout);
  const progress = new Progress(process.stderr.isTTY && !flags.watch);
  const cluster = await connectCluster(clusterOptions(flags));
  const look = () => readStatus(cluster, { signal: limits.signal, progress: (text) => progress.update(text) });
  try {
    if (flags.watch) {
      await watch(look, flags, limits.signal);
      return;
    }
    const { report, notes } = await look();
    progress.stop();
    process.stdout.write(await renderCheck(report, flags.output as CheckFormat, renderOptions(flags)));
    writeNotes(notes);
    process.exitCode = checkExitCode(report);
  } finally {
    progress.stop();
    limits.dispose();
    cluster.close();
  }
}
