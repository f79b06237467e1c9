// SPDX-License-Identifier: Apache-2.0
import { exitCodeOfFailure } from '../errors/exit-code.js';
import { asFailure } from '../errors/failure.js';

/** What a program of the agent image has to do with: its log, and when it is to end. */
export interface ProgramContext {
  /** Takes one line for the log of the container. */
  log: (line: string) => void;
  /** Resolves with SIGTERM or SIGINT. */
  ending: Promise<void>;
}

/** Runs a program of a container; where it fails, its log says why, and its exit code is that of the Failure. */
export async function runProgram(work: (context: ProgramContext) => Promise<void>): Promise<void> {
  const log = (line: string): void => void process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  const ending = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  try {
    await work({ log, ending });
  } catch (thrown) {
    const failure = asFailure(thrown);
    log(failure.message);
    process.exitCode = exitCodeOfFailure(failure);
  }
}
