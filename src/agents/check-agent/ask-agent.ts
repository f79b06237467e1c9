// SPDX-License-Identifier: Apache-2.0
import { get } from 'node:http';
import { Failure } from '../../errors/failure.js';

const limitMs = 5000;

/** Asks the agent that runs in this network namespace for a page. Throws Failure(tool) where it does not answer well. */
export function askAgent(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (words: string): void => reject(new Failure('tool', `the agent on port ${port} ${words}`));
    const request = get({ host: '127.0.0.1', port, path, agent: false, signal: AbortSignal.timeout(limitMs) });
    request.on('error', (error) => fail(`cannot be asked: ${error.message}`));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', (error) => fail(`stopped in the middle: ${error.message}`));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else fail(`answers ${path} with status ${response.statusCode}: ${text.trim()}`);
      });
    });
  });
}
