// SPDX-License-Identifier: Apache-2.0
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SocksServer {
  /** `127.0.0.1:PORT` */
  authority: string;
  /** `TYPE HOST:PORT` of each connection that was asked for; the type as in RFC 1928, section 4. */
  asked: string[];
  close(): Promise<void>;
}

export interface SocksServerOptions {
  /** Credentials to insist on (RFC 1929). */
  credentials?: { username: string; password: string };
  /** The reply to every request, where it is a refusal. */
  reply?: number;
}

/** Takes bytes as they are needed, however they come. */
async function* bytesOf(socket: Socket): AsyncGenerator<Buffer, void, number> {
  let held = Buffer.alloc(0);
  let wanted = yield Buffer.alloc(0);
  for (;;) {
    while (held.length < wanted) {
      const chunk = socket.read() as Buffer | null;
      if (chunk !== null) held = Buffer.concat([held, chunk]);
      else await new Promise((resolve) => socket.once('readable', resolve));
    }
    const taken = held.subarray(0, wanted);
    held = held.subarray(wanted);
    wanted = yield taken;
  }
}

const names: Record<number, string> = { 1: 'ipv4', 3: 'name', 4: 'ipv6' };

/** A SOCKS 5 proxy on loopback. Names of the test cluster's API server are resolved by `resolve`. */
export async function socksServer(
  resolve: (host: string) => string,
  { credentials, reply = 0 }: SocksServerOptions = {},
): Promise<SocksServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();

  const serve = async (client: Socket) => {
    const bytes = bytesOf(client);
    await bytes.next(0);
    const read = async (length: number) => (await bytes.next(length)).value ?? Buffer.alloc(length);
    const [, count = 0] = await read(2);
    const methods = [...(await read(count))];
    const method = credentials === undefined ? 0 : 2;
    if (!methods.includes(method)) {
      client.end(Buffer.from([5, 0xff]));
      return;
    }
    client.write(Buffer.from([5, method]));
    if (credentials !== undefined) {
      await read(1);
      const username = (await read((await read(1))[0] ?? 0)).toString();
      const password = (await read((await read(1))[0] ?? 0)).toString();
      const isRight = username === credentials.username && password === credentials.password;
      client.write(Buffer.from([1, isRight ? 0 : 1]));
      if (!isRight) return;
    }
    const [, , , type = 0] = await read(4);
    const address = await read(type === 1 ? 4 : type === 4 ? 16 : ((await read(1))[0] ?? 0));
    const host = type === 3 ? address.toString() : type === 1 ? [...address].join('.') : address.toString('hex');
    const port = (await read(2)).readUInt16BE();
    asked.push(`${names[type] ?? ''} ${host}:${port}`);
    if (reply !== 0) {
      client.end(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
      return;
    }
    const upstream = connect(port, resolve(host), () => {
      // The bound address as a name, in two pieces: a client has to take both.
      client.write(Buffer.from([5, 0, 0, 3, 1]));
      setTimeout(() => {
        client.write(Buffer.from([0x78, 0, 0]));
        upstream.pipe(client);
        client.pipe(upstream);
      }, 20);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  };

  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    void serve(client);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    authority: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
