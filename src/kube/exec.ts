// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { failureOfAnswer } from './api-failure.js';
import type { ExecRequest, ExecResult } from './cluster.js';
import { connectionFailure } from './connection-failure.js';
import { execRefusal, execResult } from './exec-status.js';
import { Guard } from './guard.js';
import { pause } from './pause.js';
import { Reply } from './reply.js';
import { retryPauseMs } from './requests.js';
import type { Transport } from './transport.js';
import { WebSocket } from './websocket.js';

const v5 = 'v5.channel.k8s.io';
/** Newest first; v5 (KEP-4006) is v4 plus a message that closes one stream. */
const protocols = [v5, 'v4.channel.k8s.io'];
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;
/** How long the server may take to answer the handshake: it reaches the kubelet meanwhile. */
const handshakeMs = 30_000;
/** Overload and a server that is starting or stopping; a kubelet's refusal is a 500, which says more than to try again. */
const passingStatuses = [429, 503];
/** As kubectl's own copying does: servers bound the length of a message. */
const inputChunkBytes = 32 * 1024;
/** How long a remote command may take to end itself once its standard input is closed, before the connection is. */
const farewellMs = 300;

function execPath({ namespace, pod, container, argv, leash }: ExecRequest): string {
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  if (leash === true) query.set('stdin', 'true');
  for (const word of argv) query.append('command', word);
  return `/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query.toString()}`;
}

function deadlineFailure(deadlineMs: number): Failure {
  return new Failure('cluster', `the command did not end within ${deadlineMs / 1000} s`, {
    reason: 'DeadlineExceeded',
  });
}

/** One exec session: the first of status, close, error, deadline and abort ends it. */
class Session {
  readonly #socket: WebSocket;
  readonly #request: ExecRequest;
  readonly #host: string;
  readonly #guard: Guard;
  readonly #settle: { resolve: (result: ExecResult) => void; reject: (failure: unknown) => void };
  #ending: Failure | undefined;
  #over = false;

  constructor(
    socket: WebSocket,
    request: ExecRequest,
    host: string,
    remainingMs: number,
    settle: { resolve: (result: ExecResult) => void; reject: (failure: unknown) => void },
  ) {
    this.#socket = socket;
    this.#request = request;
    this.#host = host;
    this.#settle = settle;
    const { signal, deadlineMs } = request;
    this.#guard = new Guard({ signal, totalMs: remainingMs, onTotal: () => deadlineFailure(deadlineMs) });
    socket.listen({ onMessage: (payload) => this.#receive(payload), onClose: (error) => this.#lost(error) });
    this.#guard.end = (failure) => this.#sayGoodbye(failure);
    this.#write(Buffer.from(request.input ?? ''));
  }

  #write(input: Buffer): void {
    for (let start = 0; start < input.length; start += inputChunkBytes) {
      const chunk = input.subarray(start, start + inputChunkBytes);
      this.#socket.send(Buffer.concat([Buffer.of(channels.stdin), chunk]));
    }
  }

  #receive(payload: Buffer): void {
    const data = payload.subarray(1);
    try {
      switch (payload[0]) {
        case channels.stdout:
          if (data.length > 0 && this.#ending === undefined) this.#request.onStdout?.(data);
          return;
        case channels.stderr:
          if (data.length > 0 && this.#ending === undefined) this.#request.onStderr?.(data);
          return;
        case channels.status: {
          const result = execResult(data);
          this.#finish(() =>
            this.#ending === undefined ? this.#settle.resolve(result) : this.#settle.reject(this.#ending),
          );
        }
      }
    } catch (thrown) {
      this.#finish(() => this.#settle.reject(this.#ending ?? thrown));
    }
  }

  #lost(error: Error | undefined): void {
    const failure =
      this.#ending ??
      (error === undefined
        ? new Failure('cluster', `the connection to the server ${this.#host} was lost while a command ran`, {
            reason: 'ConnectionLost',
          })
        : connectionFailure(error, this.#host));
    this.#finish(() => this.#settle.reject(failure));
  }

  /** A leashed command sees the end of its input and gets a moment to end itself; others are left at once. */
  #sayGoodbye(failure: Failure): void {
    if (this.#over) return;
    this.#ending = failure;
    if (this.#request.leash !== true || this.#socket.protocol !== v5) {
      this.#finish(() => this.#settle.reject(failure));
      return;
    }
    this.#socket.send(Buffer.from([channels.close, channels.stdin]));
    setTimeout(() => this.#finish(() => this.#settle.reject(failure)), farewellMs);
  }

  #finish(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#guard.release();
    this.#socket.close();
    settle();
  }
}

/** Opens the session: again after answers that pass and after which nothing was executed, within the command's own time. */
async function openSession(transport: Transport, request: ExecRequest, remainingMs: () => number): Promise<WebSocket> {
  const path = execPath(request);
  const { signal } = request;
  let renewed = false;
  for (let tries = 1; ; tries += 1) {
    const handshake = { path, signal, totalMs: remainingMs(), silenceMs: handshakeMs };
    const opened = await WebSocket.open(transport, handshake, protocols);
    if (!(opened instanceof Reply)) return opened;
    const body = await opened.text();
    if (opened.status === 401 && !renewed && transport.credentials.renew(opened.credential)) {
      renewed = true;
      continue;
    }
    const pauseMs = retryPauseMs(opened, passingStatuses, tries);
    if (pauseMs === undefined || pauseMs >= remainingMs()) throw execRefusal(failureOfAnswer(opened.status, body));
    transport.log.note(`Got a ${opened.status} answer to an exec: trying again in ${pauseMs} ms`);
    await pause(pauseMs, signal);
  }
}

/**
 * Executes a command in a container. Throws Failure: reason ContainerNotReady where the runtime has no such container yet,
 * ConnectionLost without a status, DeadlineExceeded, ToolMissing, or the server's refusal.
 */
export async function execInContainer(transport: Transport, request: ExecRequest): Promise<ExecResult> {
  const startedAt = performance.now();
  const remainingMs = () => Math.max(1, Math.ceil(request.deadlineMs - (performance.now() - startedAt)));
  const session = await openSession(transport, request, remainingMs);
  return new Promise((resolve, reject) => {
    new Session(session, request, transport.host, remainingMs(), { resolve, reject });
  });
}
