// SPDX-License-Identifier: Apache-2.0
import { get } from 'node:http';
import { Failure } from '../errors/failure.js';

export interface PageOfOurs {
  /** Who serves it, for the words of a failure: `the agent`. */
  who: string;
  /** In this network namespace: a name or an address. */
  host: string;
  port: number;
  path: string;
  /** Longest time until all of it is there. */
  limitMs: number;
}

/** Asks a program of ours that runs in this network namespace for a page. Throws Failure(tool) where it does not answer well. */
export function askPage({ who, host, port, path, limitMs }: PageOfOurs): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (words: string): void => reject(new Failure('tool', `${who} on port ${port} ${words}`));
    const request = get({ host, port, path, agent: false, signal: AbortSignal.timeout(limitMs) });
    request.on('error', (error) => fail(`cannot be asked: ${error.message}`));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', (error) => fail(`stopped in the middle: ${error.message}`));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const page = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(page);
        else fail(`answers ${path} with status ${response.statusCode}: ${page.toString().trim()}`);
      });
    });
  });
}
