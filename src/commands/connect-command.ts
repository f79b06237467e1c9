// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { connectMeasurer, type ConnectOptions } from '../runs/connect.js';
import { runTests } from '../runs/run-tests.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { runRequest, type RunFlags } from './run-request.js';

/** The flags of `connect`, as they were parsed. Times in ms. */
export interface ConnectFlags extends ReportFlags, RunFlags {
  protocol?: string | undefined;
  attempts: number;
  tls: boolean;
  payload?: string | undefined;
  'udp-proof'?: string | undefined;
  'connect-timeout': number;
}

function connectOptions(flags: ConnectFlags): ConnectOptions {
  const { payload } = flags;
  const proof = flags['udp-proof'];
  if (payload === '') throw new Failure('usage', '--payload is empty: nothing would be sent');
  if (proof !== undefined && flags['no-exec']) {
    throw new Failure('usage', '--udp-proof and --no-exec exclude each other', {
      hint: 'a proof of arrival is executed in the destination pods while datagrams are sent',
    });
  }
  if (proof === 'capture' && payload !== undefined) {
    throw new Failure('usage', '--udp-proof capture looks for its own token, so --payload cannot be chosen', {
      hint: 'use --udp-proof counters, or leave out --payload',
    });
  }
  return {
    protocol: flags.protocol === 'udp' ? 'udp' : 'tcp',
    attempts: flags.attempts,
    timeoutMs: flags['connect-timeout'],
    tls: flags.tls,
    payload,
    proof: proof === undefined ? undefined : proof === 'capture' ? 'capture' : 'counters',
  };
}

/** `connect`: words and flags to a report. */
export async function connectCommand(words: string[], flags: ConnectFlags): Promise<void> {
  const options = connectOptions(flags);
  const request = runRequest(words, flags, { verb: 'connect', defaultProtocol: options.protocol, maxLossPercent: 0 });
  await reportRun(flags, (cluster, { signal, observer }) =>
    runTests(cluster, { ...request, signal }, connectMeasurer(options), observer),
  );
}
