// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { Failure } from '../errors/failure.js';
import { connectionFailure } from './connection-failure.js';
import type { Credential } from './credential.js';
import type { Guard } from './guard.js';

/** An HTTP answer whose body is still to be read. */
export class Reply {
  readonly #message: IncomingMessage;
  readonly #guard: Guard;
  readonly #host: string;

  constructor(
    message: IncomingMessage,
    guard: Guard,
    host: string,
    /** What the request was made with. */
    readonly credential: Credential,
  ) {
    this.#message = message;
    this.#guard = guard;
    this.#host = host;
    guard.end = () => message.destroy();
  }

  get status(): number {
    return this.#message.statusCode ?? 0;
  }

  /** A header's value, by its lower-case name. */
  header(name: string): string | undefined {
    const value = this.#message.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** The body as it comes. Throws Failure when it is cut short; leaving the loop closes the connection. */
  async *chunks(): AsyncGenerator<Buffer, void, void> {
    try {
      for await (const chunk of await this.#decoded()) {
        this.#guard.touch();
        yield chunk as Buffer;
      }
      if (this.#guard.failure !== undefined) throw this.#guard.failure;
      if (!this.#message.complete) {
        throw new Failure('cluster', `the connection to the server ${this.#host} was lost`, {
          reason: 'ConnectionLost',
        });
      }
    } catch (thrown) {
      throw this.#guard.failure ?? connectionFailure(thrown, this.#host);
    } finally {
      this.#guard.release();
      if (!this.#message.complete) this.#message.destroy();
    }
  }

  /** API servers compress what is longer than 128 kB, for who takes it. */
  async #decoded(): Promise<Readable> {
    if (this.header('content-encoding') !== 'gzip') return this.#message;
    const { createGunzip } = await import('node:zlib');
    // What goes wrong is thrown by the reader of the decoded stream.
    return pipeline(this.#message, createGunzip(), () => undefined);
  }

  /** The whole body. Throws Failure when it is cut short. */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks()) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
}
