// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { asFailure, Failure } from '../../errors/failure.js';
import { exitCodeOfFailure } from '../../errors/exit-code.js';
import { answerOf, unanswered } from '../ask-page.js';
import { loopbackPort } from '../check-server/place.js';

const limitMs = 30_000;
const longestWords = 500;

/** `check-status`: one line of JSON `{"reports": AgentReport[]}` on standard input; prints a CheckReport that the server of this pod makes. */
export async function run(): Promise<void> {
  try {
    const line = await firstLine(process.stdin);
    // Whoever sends may hold it open.
    process.stdin.destroy();
    const report = await askStatus(loopbackPort, line);
    await new Promise<void>((resolve) => {
      process.stdout.write(`${report}\n`, () => resolve());
    });
  } catch (thrown) {
    const failure = asFailure(thrown);
    process.stderr.write(`${failure.message}\n`);
    process.exitCode = exitCodeOfFailure(failure);
  }
}

/** The first line of a stream. Throws Failure(usage) where it ends without any. */
export async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Failure('usage', 'check-status wants one line of JSON on standard input');
}

/** The words of a refusal, of which the server makes JSON `{"error": ...}`; of anything else its beginning. */
function refusalWords(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not from our server.
  }
  return text.slice(0, longestWords).replaceAll(/\s+/g, ' ');
}

/** What the server on this port of loopback answers to a status. Throws Failure(tool) with its words where it does not. */
export async function askStatus(port: number, body: string): Promise<string> {
  const page = { who: 'the server', host: '127.0.0.1', port, path: '/status', body, limitMs };
  const { status, content } = await answerOf(page);
  const text = content.toString();
  if (status !== 200) throw unanswered(page, `answers with status ${status}: ${refusalWords(text)}`);
  return text;
}
