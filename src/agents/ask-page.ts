// SPDX-License-Identifier: Apache-2.0
import { request } from 'node:http';
import { Failure } from '../errors/failure.js';

export interface PageOfOurs {
  /** Who serves it, for the words of a failure: `the agent`. */
  who: string;
  /** In this network namespace: a name or an address. */
  host: string;
  port: number;
  path: string;
  /** JSON that is posted; without it the page is got. */
  body?: string;
  /** Longest time until all of it is there. */
  limitMs: number;
}

/** A failure of a program of ours to answer. */
export function unanswered({ who, port }: PageOfOurs, words: string): Failure {
  return new Failure('tool', `${who} on port ${port} ${words}`);
}

/** Asks a program of ours that runs in this network namespace. Throws Failure(tool) where no whole answer comes. */
export function answerOf(page: PageOfOurs): Promise<{ status: number; content: Buffer }> {
  const { host, port, path, body, limitMs } = page;
  const posted =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        };
  return new Promise((resolve, reject) => {
    const fail = (words: string): void => reject(unanswered(page, words));
    const asked = request({ host, port, path, agent: false, signal: AbortSignal.timeout(limitMs), ...posted });
    asked.on('error', (error) => fail(`cannot be asked: ${error.message}`));
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', (error) => fail(`stopped in the middle: ${error.message}`));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, content: Buffer.concat(chunks) }));
    });
    asked.end(body);
  });
}

/** A page as `answerOf` gets it. Throws Failure(tool) where it is refused, too. */
export async function askPage(page: PageOfOurs): Promise<Buffer> {
  const { status, content } = await answerOf(page);
  if (status !== 200)
    throw unanswered(page, `answers ${page.path} with status ${status}: ${content.toString().trim()}`);
  return content;
}
