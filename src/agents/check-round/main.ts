// SPDX-License-Identifier: Apache-2.0
import { askAgent } from '../check-agent/ask-agent.js';
import { checkAgentEnvironment } from '../check-agent/environment.js';
import { agentOrders, mostOrdersBytes } from '../check-agent/orders.js';
import { makeRound, type Heard } from '../check-agent/round.js';
import { warmUp } from '../check-agent/warm-up.js';
import { keepMemorySmall } from '../prober/small-memory.js';
import { runProgram } from '../run-program.js';
import { readLine } from './read-line.js';

/** The rounds of other agents are about as long ago: they are made at the same time. */
const heardMs = 60_000;

/**
 * `check-round`: executed in an agent, reads one line of AgentOrders as JSON on standard input, makes one round, and prints
 * an AgentReport. Who was heard it asks the agent, which is the one that listens.
 */
export async function run(): Promise<void> {
  keepMemorySmall();
  await runProgram(async () => {
    const { own, port } = checkAgentEnvironment(process.env);
    const orders = agentOrders(await readLine(process.stdin, mostOrdersBytes));
    const heard = async (): Promise<Heard | undefined> => {
      const text = await askAgent(port, `/heard?sinceMs=${heardMs}`).catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as Heard);
    };
    await warmUp(port);
    const report = await makeRound({ orders, own, heard });
    await new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(report)}\n`, () => resolve()));
  });
  // A name that is still being resolved, in a thread of libuv that nobody can stop, would hold the process for half a minute.
  // eslint-disable-next-line no-restricted-syntax -- all is said by now
  process.exit();
}
