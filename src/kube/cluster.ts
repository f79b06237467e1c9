// SPDX-License-Identifier: Apache-2.0
import type { Liveness } from './liveness.js';
import type { KubeObject } from './objects.js';

/** kubectl's global flags, with kubectl's meaning; all optional. */
export interface ClusterOptions {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
  namespace?: string | undefined;
  server?: string | undefined;
  token?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  as?: string | undefined;
  asGroups?: string[] | undefined;
  asUid?: string | undefined;
  asUserExtra?: Record<string, string[]> | undefined;
  certificateAuthority?: string | undefined;
  clientCertificate?: string | undefined;
  clientKey?: string | undefined;
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify?: boolean | undefined;
  disableCompression?: boolean | undefined;
  /** 0 or absent: no limit for one request, as in kubectl. */
  requestTimeoutMs?: number | undefined;
  /** When silent connections are given up, where not after the default times. */
  liveness?: Partial<Liveness> | undefined;
  /** Sink of `-v` lines; never gets a secret. */
  log?: ((level: number, line: string) => void) | undefined;
}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined> | undefined;
  signal?: AbortSignal | undefined;
}

export interface ListOptions extends RequestOptions {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Page size; 500 by default. */
  limit?: number | undefined;
  /** Only the metadata of each object: a fraction of the bytes where names and labels are all that is looked at. */
  metadataOnly?: boolean | undefined;
  /** Of lists: called with the first page's version, from which a watch misses nothing of the whole list. */
  onResourceVersion?: ((resourceVersion: string) => void) | undefined;
}

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

export interface WatchOptions extends ListOptions {
  resourceVersion?: string | undefined;
  timeoutSeconds?: number | undefined;
}

export interface StreamOptions extends RequestOptions {
  /** Limit of the whole answer in ms, however much of it is still to come. */
  totalMs: number;
}

export interface ExecRequest {
  namespace: string;
  pod: string;
  container: string;
  argv: string[];
  /** Called with each chunk as it comes; a throwing callback ends the exec with that error. */
  onStdout?: ((chunk: Buffer) => void) | undefined;
  onStderr?: ((chunk: Buffer) => void) | undefined;
  /**
   * Holds the remote standard input open for as long as we live (and closes it when the signal aborts), so that a remote
   * script can end itself when its reader sees end of file: closing the socket does not kill the remote process.
   */
  leash?: boolean | undefined;
  /** What its standard input begins with, where `leash` gives it one. */
  input?: string | undefined;
  /** The exec ends with a Failure (reason `DeadlineExceeded`) after this time at the latest. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
}

export interface ExecResult {
  exitCode: number;
}

/**
 * A connection to one cluster. Paths are API paths such as `/api/v1/namespaces/shop/pods/web-0`.
 * Every method throws Failure: `forbidden` on 401/403, `notFound` on 404, `cluster` otherwise, `interrupted` on abort,
 * with the API server's own words, HTTP status and reason.
 */
export interface Cluster {
  /** The namespace of `-n`, else the context's, else `default`. */
  readonly namespace: string;
  readonly server: string;
  get<T>(path: string, options?: RequestOptions): Promise<T>;
  /**
   * Pages of a list, one at a time: only one page is held. A list that expires between two pages (410) goes on with the
   * rest as it is then, if the server offers that, and throws otherwise; nothing is handed out twice.
   */
  list<T extends KubeObject>(path: string, options?: ListOptions): AsyncIterable<T[]>;
  create<T>(path: string, body: object, options?: RequestOptions): Promise<T>;
  patch<T>(path: string, type: PatchType, body: object, options?: RequestOptions): Promise<T>;
  delete(path: string, options?: RequestOptions): Promise<void>;
  /** Ends when the server closes it, throws on errors; the caller decides about resuming. */
  watch<T extends KubeObject>(path: string, options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** The body of an answer as it comes, such as a log that is followed; leaving the loop ends the request. */
  stream(path: string, options: StreamOptions): AsyncIterable<Buffer>;
  exec(request: ExecRequest): Promise<ExecResult>;
  /** Closes idle connections, so that the process can end. */
  close(): void;
}
