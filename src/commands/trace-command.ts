// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { runTests } from '../runs/run-tests.js';
import { traceMeasurer, type TraceOptions } from '../runs/trace.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { runRequest, type RunFlags } from './run-request.js';

/** The flags of `trace`, as they were parsed. */
export interface TraceFlags extends ReportFlags, RunFlags {
  protocol?: string | undefined;
  port?: number | undefined;
  count: number;
  'max-hops': number;
  raw: boolean;
  'connect-timeout': number;
}

/** mtr's own (mtr(8), `--port`); without one it would try another port in each round. */
const defaultTcpPort = 80;

function methodOf(flags: TraceFlags): NonNullable<TraceOptions['method']> {
  const { protocol, port, raw, container } = flags;
  if (protocol === undefined || protocol === 'icmp') {
    if (port === undefined) return protocol ?? 'tracepath';
    throw new Failure('usage', '--port is of use with --protocol udp and tcp only', {
      hint: protocol === 'icmp' ? 'ICMP knows no ports' : 'tracepath uses another port for each hop',
    });
  }
  // A container of the pod has the rights that it has.
  if (!raw && container === undefined) {
    throw new Failure('usage', `--protocol ${protocol} needs --raw`, {
      hint: 'it takes NET_RAW to trace so; without --protocol, UDP is traced without any right, and --protocol icmp works too',
    });
  }
  return protocol === 'udp' ? 'udp' : 'tcp';
}

function traceOptions(flags: TraceFlags): TraceOptions {
  const method = methodOf(flags);
  const port = flags.port ?? (method === 'tcp' ? defaultTcpPort : undefined);
  return {
    method,
    count: flags.count,
    maxHops: flags['max-hops'],
    port,
    timeoutMs: flags['connect-timeout'],
    raw: flags.raw,
  };
}

/** `trace`: words and flags to a report. */
export async function traceCommand(words: string[], flags: TraceFlags): Promise<void> {
  const options = traceOptions(flags);
  const request = runRequest(words, flags, { verb: 'trace', maxLossPercent: 0 });
  await reportRun(flags, (cluster, { signal, observer }) =>
    runTests(cluster, { ...request, signal }, traceMeasurer(options), observer),
  );
}
