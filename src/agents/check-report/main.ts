// SPDX-License-Identifier: Apache-2.0
import { askAgent } from '../check-agent/ask-agent.js';
import { checkAgentEnvironment } from '../check-agent/environment.js';
import { runProgram } from '../run-program.js';

/** `check-report`: executed in an agent, prints its last AgentReport. */
export function run(): Promise<void> {
  return runProgram(async () => {
    const report = await askAgent(checkAgentEnvironment(process.env).port, '/report');
    await new Promise<void>((resolve) => process.stdout.write(`${report}\n`, () => resolve()));
  });
}
