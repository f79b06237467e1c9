// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { mtuMeasurer, type MtuOptions } from '../runs/mtu.js';
import { runTests } from '../runs/run-tests.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { runRequest, type RunFlags } from './run-request.js';

/** The flags of `mtu`, as they were parsed. Times in ms. */
export interface MtuFlags extends ReportFlags, RunFlags {
  'expect-mtu'?: number | undefined;
  'max-size'?: number | undefined;
  'both-directions': boolean;
  raw: boolean;
  'connect-timeout': number;
}

function mtuOptions(flags: MtuFlags): MtuOptions {
  const { 'expect-mtu': expectedMtu, 'max-size': maxBytes } = flags;
  if (expectedMtu !== undefined && maxBytes !== undefined && expectedMtu > maxBytes) {
    throw new Failure('usage', `--expect-mtu ${expectedMtu} is more than --max-size ${maxBytes}, so it cannot be met`);
  }
  if (expectedMtu !== undefined && flags.expect === 'deny') {
    throw new Failure('usage', '--expect-mtu and --expect deny exclude each other', {
      hint: 'nothing that is denied has a path MTU',
    });
  }
  return {
    maxBytes,
    timeoutMs: flags['connect-timeout'],
    expectedMtu,
    bothDirections: flags['both-directions'],
    raw: flags.raw,
  };
}

/** `mtu`: words and flags to a report. */
export async function mtuCommand(words: string[], flags: MtuFlags): Promise<void> {
  const options = mtuOptions(flags);
  const request = runRequest(words, flags, { verb: 'mtu', maxLossPercent: 0 });
  await reportRun(flags, (cluster, { signal, observer }) =>
    runTests(cluster, { ...request, signal }, mtuMeasurer(options), observer),
  );
}
