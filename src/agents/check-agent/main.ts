// SPDX-License-Identifier: Apache-2.0
import { keepMemorySmall } from '../prober/small-memory.js';
import { runProgram } from '../run-program.js';
import { startCheckAgent } from './agent.js';
import { checkAgentEnvironment } from './environment.js';

/** The longest time that a timer of Node.js takes. */
const longestTimerMs = 2 ** 31 - 1;

/** The program of a check's agents: runs until SIGTERM, SIGINT or the end of its time. */
export function run(): Promise<void> {
  keepMemorySmall();
  return runProgram(async ({ log, ending }) => {
    const environment = checkAgentEnvironment(process.env);
    const agent = await startCheckAgent({ environment, log });
    const { own, port, server, untilMs } = environment;
    log(
      `agent of node ${own.node} (${own.network} network) on port ${port}, ${server === undefined ? 'without a server' : `reports to ${server.name}`}`,
    );
    await Promise.race([ending, timeIsOver(untilMs)]);
    await agent.stop();
  });
}

/** Never where there is no end to it. The timer keeps nothing alive that a signal has ended. */
function timeIsOver(untilMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wait = (): void => {
      const leftMs = untilMs === undefined ? Infinity : untilMs - Date.now();
      if (leftMs <= 0) resolve();
      else setTimeout(wait, Math.min(leftMs, longestTimerMs)).unref();
    };
    if (untilMs !== undefined) wait();
  });
}
