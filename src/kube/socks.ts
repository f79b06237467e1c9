// SPDX-License-Identifier: Apache-2.0
import { connect, isIP, type Socket } from 'node:net';

/** Numbers of RFC 1928 (SOCKS 5) and RFC 1929 (its user name and password). */
const version = 5;
const passwordVersion = 1;
const methods = { none: 0, password: 2 } as const;
const connectCommand = 1;
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** RFC 1928, section 6, in the words of Go (golang.org/x/net/internal/socks). */
const refusals: Record<number, string> = {
  1: 'general SOCKS server failure',
  2: 'connection not allowed by ruleset',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
};

export interface SocksProxy {
  host: string;
  port: number;
  /** Empty: none is offered. */
  username: string;
  password: string;
}

/** Exactly so many bytes; what comes after them stays in the socket. */
function read(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off('readable', onReadable).off('end', onEnd).off('error', onError);
      act();
    };
    const onReadable = () => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes === null) return;
      settle(() => (bytes.length === length ? resolve(bytes) : reject(new Error('the proxy closed the connection'))));
    };
    const onEnd = () => settle(() => reject(new Error('the proxy closed the connection')));
    const onError = (error: Error) => settle(() => reject(error));
    socket.on('readable', onReadable).on('end', onEnd).on('error', onError);
    onReadable();
  });
}

/** A byte that says how many follow, and they. Throws where that is more than a byte can say. */
function counted(text: string, what: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length === 0 || bytes.length > 255) throw new Error(`${what} has to be of 1 to 255 bytes`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** By name: the proxy looks it up, as with Go's socks5 and socks5h alike. */
function destinationBytes(host: string, port: number): Buffer {
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16BE(port);
  switch (isIP(host)) {
    case 4:
      return Buffer.concat([Buffer.from([addressTypes.ipv4, ...host.split('.').map(Number)]), portBytes]);
    case 6:
      return Buffer.concat([Buffer.from([addressTypes.ipv6]), ipv6Bytes(host), portBytes]);
    default:
      return Buffer.concat([Buffer.from([addressTypes.name]), counted(host, 'the name of the server'), portBytes]);
  }
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes an IPv4 tail as hexadecimal groups.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const front = groups(head);
  const back = groups(tail ?? '');
  const zeros: number[] = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return Buffer.from([...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 0xff]));
}

async function authenticate(socket: Socket, { username, password }: SocksProxy): Promise<void> {
  const offered = username === '' ? [methods.none] : [methods.none, methods.password];
  socket.write(Buffer.from([version, offered.length, ...offered]));
  const [spoken, method] = await read(socket, 2);
  if (spoken !== version) throw new Error('it does not speak SOCKS version 5');
  if (method === methods.none) return;
  if (method !== methods.password || username === '') throw new Error('no acceptable authentication methods');
  const credentials = [counted(username, 'the user name'), counted(password, 'the password')];
  socket.write(Buffer.concat([Buffer.from([passwordVersion]), ...credentials]));
  const [, status] = await read(socket, 2);
  if (status !== 0) throw new Error('username/password authentication failed');
}

async function request(socket: Socket, host: string, port: number): Promise<void> {
  socket.write(Buffer.concat([Buffer.from([version, connectCommand, 0]), destinationBytes(host, port)]));
  const [, reply = 1, , type] = await read(socket, 4);
  if (reply !== 0) throw new Error(refusals[reply] ?? `unknown code: ${reply}`);
  const addressLength =
    type === addressTypes.ipv4 ? 4 : type === addressTypes.ipv6 ? 16 : ((await read(socket, 1))[0] ?? 0);
  await read(socket, addressLength + 2);
}

/**
 * A connection to a server through a SOCKS 5 proxy, unless the signal aborts before it is made. Throws Error in the proxy's
 * words, which hold no password.
 */
export async function connectThroughSocks(
  proxy: SocksProxy,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect(proxy.port, proxy.host);
  const giveUp = () => void socket.destroy(new Error('nobody waits any more'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    await authenticate(socket, proxy);
    await request(socket, host, port);
    return socket;
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
