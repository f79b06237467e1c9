// SPDX-License-Identifier: Apache-2.0
import type { AgentReport } from '../../model/check.js';
import type { CheckAgentEnvironment } from './environment.js';
import { keepReporting } from './report/keep-reporting.js';
import { startAgentServer } from './servers/agent-server.js';
import { HeardCounts } from './servers/heard.js';
import { startUdpEcho } from './servers/udp-echo.js';

/** What is left of requests after it is cut. */
const graceMs = 1000;
/** What a round of a one-shot check asks for, and more. */
const heardMemoryMs = 120_000;

export interface CheckAgentOptions {
  environment: CheckAgentEnvironment;
  log: (line: string) => void;
  /** All addresses where absent. */
  host?: string | undefined;
}

export interface RunningCheckAgent {
  stop(): Promise<void>;
}

/** Listens, and reports where there is a server. Throws Failure(cluster) when a port is taken. */
export async function startCheckAgent({ environment, log, host }: CheckAgentOptions): Promise<RunningCheckAgent> {
  const { own, port, server: access } = environment;
  const heard = new HeardCounts(heardMemoryMs);
  const end = new AbortController();
  let last: AgentReport | undefined;
  const echo = await startUdpEcho(port, host, (address) => heard.count('udp', address));
  const server = await startAgentServer({ port, host, heard, report: () => last }).catch((thrown: unknown) => {
    echo.close();
    throw thrown;
  });
  if (access !== undefined) {
    const onReport = (report: AgentReport): void => void (last = report);
    void keepReporting({ own, port, access, heard, onReport, log, signal: end.signal });
  }
  return {
    stop: async () => {
      end.abort();
      echo.close();
      await server.close(graceMs);
    },
  };
}
