// SPDX-License-Identifier: Apache-2.0
import type {
  Cluster,
  ClusterOptions,
  ExecRequest,
  ExecResult,
  ListOptions,
  PatchType,
  RequestOptions,
  StreamOptions,
  WatchEvent,
  WatchOptions,
} from './cluster.js';
import { credentialSource } from './credentials.js';
import { execInContainer } from './exec.js';
import { defaultLiveness } from './liveness.js';
import { listPages } from './list.js';
import type { KubeObject } from './objects.js';
import { RequestLog } from './request-log.js';
import { answerSilenceMs, patchContentType, requestJson, requestReply, withQuery } from './requests.js';
import { resolveSettings } from './settings.js';
import type { HttpRequest } from './http-request.js';
import { Transport } from './transport.js';
import { watchEvents } from './watch.js';

/** The field manager of objects that are written by server-side apply. */
const fieldManager = 'kubectl-netmachinery';

class ApiCluster implements Cluster {
  constructor(
    readonly transport: Transport,
    readonly requestTimeoutMs: number | undefined,
  ) {}

  get namespace(): string {
    return this.transport.settings.namespace;
  }

  get server(): string {
    return this.transport.settings.server;
  }

  get<T>(path: string, options?: RequestOptions): Promise<T> {
    return requestJson<T>(this.transport, this.#request('GET', path, options));
  }

  list<T extends KubeObject>(path: string, options: ListOptions = {}): AsyncIterable<T[]> {
    return listPages<T>(this.transport, path, options, this.requestTimeoutMs);
  }

  create<T>(path: string, body: object, options?: RequestOptions): Promise<T> {
    return requestJson<T>(this.transport, { ...this.#request('POST', path, options), body: JSON.stringify(body) });
  }

  patch<T>(path: string, type: PatchType, body: object, options: RequestOptions = {}): Promise<T> {
    const query = type === 'apply' ? { fieldManager, ...options.query } : options.query;
    return requestJson<T>(this.transport, {
      ...this.#request('PATCH', path, { ...options, query }),
      body: JSON.stringify(body),
      contentType: patchContentType(type),
    });
  }

  async delete(path: string, options?: RequestOptions): Promise<void> {
    await (await requestReply(this.transport, this.#request('DELETE', path, options))).text();
  }

  watch<T extends KubeObject>(path: string, options: WatchOptions = {}): AsyncIterable<WatchEvent<T>> {
    return watchEvents<T>(this.transport, path, options);
  }

  async *stream(path: string, { query, signal, totalMs }: StreamOptions): AsyncGenerator<Buffer, void, void> {
    const request = { method: 'GET', path: withQuery(path, query), signal, totalMs, silenceMs: totalMs };
    yield* (await requestReply(this.transport, request)).chunks();
  }

  exec(request: ExecRequest): Promise<ExecResult> {
    return execInContainer(this.transport, request);
  }

  close(): void {
    this.transport.close();
  }

  #request(method: string, path: string, options: RequestOptions = {}): HttpRequest {
    return {
      method,
      path: withQuery(path, options.query),
      signal: options.signal,
      totalMs: this.requestTimeoutMs,
      silenceMs: answerSilenceMs,
    };
  }
}

/**
 * The cluster that kubectl would talk to with these flags. Nothing is sent yet. Throws Failure `usage` for what is wrong
 * with the kubeconfig or the flags.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- what is wrong with the settings has to reject, not throw
export async function connectCluster(options: ClusterOptions): Promise<Cluster> {
  const settings = resolveSettings(options, process.env);
  const transport = new Transport(settings, credentialSource(settings), new RequestLog(options.log), {
    ...defaultLiveness,
    ...options.liveness,
  });
  return new ApiCluster(transport, options.requestTimeoutMs);
}
