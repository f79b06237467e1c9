// SPDX-License-Identifier: Apache-2.0
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a name server knows: by `name type` the data of A records, or how it fails. */
export type Zone = Record<string, string[] | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silent'>;

const rcodes = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 } as const;
const typeNames: Record<number, string> = { 1: 'A', 5: 'CNAME', 12: 'PTR', 28: 'AAAA', 33: 'SRV' };

function questionOf(message: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: typeNames[message.readUInt16BE(at + 1)] ?? '?', end: at + 5 };
}

/** A name server on loopback that remembers what it was asked; what its zone does not have has no records (NOERROR). */
export class NameServer {
  readonly asked: string[] = [];
  readonly #socket: Socket = createSocket('udp4');

  private constructor(readonly zone: Zone) {
    this.#socket.on('message', (message, from) => {
      const { name, type, end } = questionOf(message);
      this.asked.push(`${name} ${type}`);
      const known = zone[`${name} ${type}`] ?? zone[name] ?? [];
      if (known === 'silent') return;
      const addresses = typeof known === 'string' ? [] : known;
      const header = Buffer.alloc(12);
      message.copy(header, 0, 0, 2);
      header.writeUInt16BE(0x8580 | (typeof known === 'string' ? rcodes[known] : 0), 2);
      header.writeUInt16BE(1, 4);
      header.writeUInt16BE(addresses.length, 6);
      const records = addresses.map((address) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, ...address.split('.').map(Number)]),
      );
      this.#socket.send(Buffer.concat([header, message.subarray(12, end), ...records]), from.port, from.address);
    });
  }

  static async start(zone: Zone): Promise<NameServer> {
    const server = new NameServer(zone);
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  stop(): void {
    this.#socket.close();
  }
}
