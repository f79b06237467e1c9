// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto';
import { Failure } from '../errors/failure.js';
import type { Liveness } from './liveness.js';
import { Reply } from './reply.js';
import type { Upgraded } from './settle-request.js';
import type { HttpRequest } from './http-request.js';
import type { Transport } from './transport.js';
import { encodeFrame, FrameReader, opcodes, type Frame } from './websocket-frames.js';

const normalClosure = Buffer.from([0x03, 0xe8]);
const goodbyeMs = 1000;
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface WebSocketEvents {
  onMessage: (payload: Buffer) => void;
  /** Called once; `error` where the connection broke or a rule was violated. */
  onClose: (error?: Error) => void;
}

/**
 * A WebSocket client (RFC 6455) over a connection of the transport's pool. Why not a library: exec needs binary messages
 * only, the pool spares a TLS handshake, refusals keep their body, and Node.js and Bun behave alike.
 */
export class WebSocket {
  readonly #upgraded: Upgraded;
  readonly #reader = new FrameReader();
  readonly #host: string;
  readonly #liveness: Liveness;
  #timer: NodeJS.Timeout | undefined;
  #heard = true;
  #pingsUnanswered = 0;
  #events: WebSocketEvents | undefined;
  #closed = false;

  private constructor(upgraded: Upgraded, { host, liveness }: Transport) {
    this.#upgraded = upgraded;
    this.#host = host;
    this.#liveness = liveness;
  }

  /** Opens one, or resolves with the server's refusal. Throws Failure where no answer came. */
  static async open(
    transport: Transport,
    request: Omit<HttpRequest, 'method' | 'headers'>,
    protocols: readonly string[],
  ): Promise<WebSocket | Reply> {
    const key = randomBytes(16).toString('base64');
    const upgraded = await transport.upgrade({
      ...request,
      method: 'GET',
      headers: {
        // Where the API server only passes the session on (v4), the kubelet refuses who wants JSON: 406.
        Accept: '*/*',
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        'Sec-WebSocket-Protocol': protocols.join(', '),
      },
    });
    if (upgraded instanceof Reply) return upgraded;
    const accept = createHash('sha1')
      .update(key + acceptSuffix)
      .digest('base64');
    if (upgraded.headers['sec-websocket-accept'] !== accept) {
      upgraded.socket.destroy();
      throw new Failure('cluster', `the server ${transport.host} does not speak WebSocket`);
    }
    return new WebSocket(upgraded, transport);
  }

  /** The subprotocol that the server chose. */
  get protocol(): string {
    return this.#upgraded.headers['sec-websocket-protocol'] ?? '';
  }

  /** Begins to read; nothing that came before is lost. */
  listen(events: WebSocketEvents): void {
    this.#events = events;
    const { socket, head } = this.#upgraded;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error: Error) => this.#end(error));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
    this.#timer = setTimeout(() => this.#askForLife(), this.#liveness.pingAfterMs);
    if (head.length > 0) this.#receive(head);
    socket.resume();
  }

  send(payload: Buffer): void {
    if (!this.#closed) this.#upgraded.socket.write(encodeFrame(opcodes.binary, payload));
  }

  /** Says goodbye and lets go of the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const { socket } = this.#upgraded;
    socket.end(encodeFrame(opcodes.close, normalClosure), () => socket.destroy());
    // A dead connection takes no goodbye.
    setTimeout(() => socket.destroy(), goodbyeMs).unref();
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.#heard = true;
    this.#pingsUnanswered = 0;
    let frames: Frame[];
    try {
      frames = this.#reader.push(chunk);
    } catch (thrown) {
      this.#end(thrown as Error);
      return;
    }
    for (const { opcode, payload } of frames) {
      if (opcode === opcodes.binary || opcode === opcodes.text) this.#events?.onMessage(payload);
      else if (opcode === opcodes.ping) this.#upgraded.socket.write(encodeFrame(opcodes.pong, payload));
      else if (opcode === opcodes.close) this.#end();
    }
  }

  /**
   * A ping after some silence (RFC 6455, section 5.5.2), which every living server answers. Pings are counted, not time: a
   * process that was stopped for long (SIGSTOP, a suspended machine) has not listened, and gives the server its chance.
   */
  #askForLife(): void {
    const { pingAfterMs, pingsUnanswered } = this.#liveness;
    if (this.#pingsUnanswered >= pingsUnanswered) {
      const seconds = ((pingsUnanswered + 1) * pingAfterMs) / 1000;
      const words = `the connection to the server ${this.#host} was lost: nothing was heard for ${seconds} s`;
      this.#end(new Failure('cluster', words, { reason: 'ConnectionLost' }));
      return;
    }
    if (!this.#heard) {
      this.#upgraded.socket.write(encodeFrame(opcodes.ping, Buffer.alloc(0)));
      this.#pingsUnanswered += 1;
    }
    this.#heard = false;
    this.#timer = setTimeout(() => this.#askForLife(), pingAfterMs);
  }

  #end(error?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#upgraded.socket.destroy();
    this.#events?.onClose(error);
  }
}
