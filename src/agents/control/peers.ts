// SPDX-License-Identifier: Apache-2.0
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure } from '../../errors/failure.js';
import { proberEnvironment } from '../prober/environment.js';
import { readPeerList } from '../prober/peer-list.js';

/** `control peers BYTES`: the peer list on standard input takes the place of the prober's file. */
export async function run([size = '']: string[]): Promise<void> {
  const { configFile, own } = proberEnvironment(process.env);
  const bytes = /^[1-9]\d{0,8}$/.test(size) ? Number(size) : undefined;
  if (bytes === undefined) throw new Failure('usage', `"${size}" is no number of bytes`);
  await replacePeerList(configFile, await readBytes(process.stdin, bytes), own.namespace);
  // Whoever sends may hold it open.
  process.stdin.destroy();
}

/** Checks a peer list and writes it; whoever reads the file meanwhile sees the old or the new one. Throws Failure `usage`. */
export async function replacePeerList(file: string, text: string, ownNamespace: string): Promise<void> {
  readPeerList(text, ownNamespace);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

/** So many bytes of a stream as text. Throws Failure `usage` where it ends before. */
export async function readBytes(stream: Readable, bytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= bytes) return Buffer.concat(chunks).subarray(0, bytes).toString();
  }
  throw new Failure('usage', `the peer list ended after ${length} of ${bytes} bytes`);
}
