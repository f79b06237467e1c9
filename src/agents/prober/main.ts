// SPDX-License-Identifier: Apache-2.0
import { runProgram } from '../run-program.js';
import { proberEnvironment } from './environment.js';
import { startProber } from './prober.js';
import { keepMemorySmall } from './small-memory.js';

/** The program of the prober's container: runs until SIGTERM, SIGINT or the end of its time, and then ends by itself within 10 s. */
export function run(): Promise<void> {
  keepMemorySmall();
  return runProgram(async ({ log, ending }) => {
    const environment = proberEnvironment(process.env);
    const prober = await startProber({ environment, log });
    log(`answers /ping on port ${prober.pingPort}, /metrics on port ${prober.prometheusPort}`);
    await Promise.race([ending, timeIsOver(environment.durationMs)]);
    await prober.stop();
  });
}

/** Never where there is no end to it. The timer keeps nothing alive that a signal has ended. */
function timeIsOver(durationMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (durationMs !== undefined) setTimeout(resolve, durationMs).unref();
  });
}
