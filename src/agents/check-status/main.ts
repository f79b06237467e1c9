// SPDX-License-Identifier: Apache-2.0
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { asFailure, Failure } from '../../errors/failure.js';
import { exitCodeOfFailure } from '../../errors/exit-code.js';
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
export function askStatus(port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (words: string): void => reject(new Failure('tool', `the server on port ${port} ${words}`));
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/status',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(limitMs),
    });
    asked.on('error', (error) => fail(`cannot be asked: ${error.message}`));
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', (error) => fail(`stopped in the middle: ${error.message}`));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else fail(`answers with status ${response.statusCode ?? 0}: ${refusalWords(text)}`);
      });
    });
    asked.end(body);
  });
}
