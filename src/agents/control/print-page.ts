// SPDX-License-Identifier: Apache-2.0
import { get } from 'node:http';
import { Failure } from '../../errors/failure.js';
import { defaultMetricsPort } from '../../model/prober.js';

const limitMs = 10_000;

/** Copies a page of the metrics port of this container's prober to stdout. Throws Failure(tool) when it does not answer well. */
export async function printPage(path: string): Promise<void> {
  const port = Number(process.env['HTTP_PROMETHEUS_PORT'] ?? '') || defaultMetricsPort;
  const page = await pageOf(port, path);
  await new Promise<void>((resolve) => {
    process.stdout.write(page, () => resolve());
  });
}

function pageOf(port: number, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (words: string): void => reject(new Failure('tool', `the prober on port ${port} ${words}`));
    const request = get({ host: 'localhost', port, path, agent: false, signal: AbortSignal.timeout(limitMs) });
    request.on('error', (error) => fail(`cannot be asked: ${error.message}`));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', (error) => fail(`stopped in the middle: ${error.message}`));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else fail(`answers ${path} with status ${response.statusCode}`);
      });
    });
  });
}
