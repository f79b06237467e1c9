// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../src/errors/failure.js';
import { apiPort, node1 } from './addresses.js';
import type { ClusterPaths } from './paths.js';

/** An answer of the API server: status code and body as it came. */
interface ApiAnswer {
  status: number;
  body: string;
}

/** Asks the API server as admin. Rejects if it does not answer within 5 s. */
export type ApiRequest = (method: 'GET' | 'POST', path: string, body?: object) => Promise<ApiAnswer>;

/** A way to ask the API server that costs no process: a start polls it many times. */
export async function apiClient(paths: ClusterPaths): Promise<ApiRequest> {
  const pem = (file: string) => readFile(join(paths.pki, file), 'utf8');
  const [ca, cert, key] = await Promise.all([pem('ca.crt'), pem('admin.crt'), pem('admin.key')]);
  const server = { host: node1.ipv4, port: apiPort, ca, cert, key, agent: false as const, timeout: 5000 };
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const asked = request({ ...server, method, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
        answer.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')));
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** Gets one object; undefined if it does not exist or the server does not answer. */
export async function getObject<T>(api: ApiRequest, path: string): Promise<T | undefined> {
  const answer = await api('GET', path).catch(() => undefined);
  return answer?.status === 200 ? (JSON.parse(answer.body) as T) : undefined;
}

/** Creates an object, or leaves the one that is there. Retries while its namespace is not made yet. */
export async function createObject(api: ApiRequest, path: string, object: object): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const answer = await api('POST', path, object);
    if (answer.status < 300 || answer.status === 409) return;
    const passing = answer.status === 404 || answer.status === 403 || answer.status >= 500;
    if (!passing || performance.now() > deadline) {
      throw new Failure('cluster', `POST ${path} was answered with ${answer.status}: ${answer.body.slice(0, 400)}`);
    }
    await sleep(100);
  }
}

/** Waits until `check` holds. Throws a Failure that names `what` and says what `explain` gives after `timeoutMs`. */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  timeoutMs: number,
  explain: () => Promise<string>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) {
      throw new Failure('cluster', `${what}: not within ${timeoutMs / 1000} s\n${await explain()}`);
    }
    await sleep(100);
  }
}
