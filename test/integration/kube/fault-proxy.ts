// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';

/** What happens to a request: it is passed on, answered here, or its connection is cut or left without an answer. */
export type Fault =
  | 'pass'
  | 'cut'
  | 'stall'
  /** Passed on after a while. */
  | { delayMs: number }
  /** Passed on; the connection is cut after so many bytes of the answer, or of the upgraded stream. */
  | { cutAfterBytes: number }
  /** Passed on as from a client that knows only these WebSocket subprotocols. */
  | { protocols: string }
  /** Passed on; when it has been done, the answer is this status all the same. */
  | { passAndAnswer: number }
  | { status: number; headers?: Record<string, string>; body?: string };

export interface FaultProxy {
  url: string;
  /** `METHOD PATH` of each request as it came in. */
  requests: string[];
  /** Cuts every connection that is open, as a restart of the server would. */
  cutAll(): void;
  /** From now on nothing passes on the connections that are open, and they stay open: their other end has vanished. */
  freezeAll(): void;
  /** Cuts all and refuses new connections until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** How many connections there were. */
  connections(): number;
  close(): Promise<void>;
}

interface AdminKubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}

/** A proxy on loopback in front of the real API server, with the test cluster's administrator's rights, that misbehaves. */
export async function faultProxy(decide: (request: IncomingMessage) => Fault): Promise<FaultProxy> {
  const config = JSON.parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as AdminKubeconfig;
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const agent = new Agent({
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    cert: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  });
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const pipes: { from: Readable; to: Writable }[] = [];
  let connections = 0;

  const pass = (from: Readable, to: Writable) => {
    from.pipe(to);
    pipes.push({ from, to });
  };
  const upstream = (request: IncomingMessage, fault: Fault) => {
    const protocols = typeof fault === 'object' && 'protocols' in fault ? fault.protocols : undefined;
    const headers = {
      ...request.headers,
      host: new URL(cluster.server).host,
      ...(protocols === undefined ? {} : { 'sec-websocket-protocol': protocols }),
    };
    return httpsRequest(new URL(request.url ?? '/', cluster.server), {
      method: request.method ?? 'GET',
      headers,
      agent,
    });
  };
  const countdown = (fault: Fault, socket: Duplex) => {
    let left = typeof fault === 'object' && 'cutAfterBytes' in fault ? fault.cutAfterBytes : Number.POSITIVE_INFINITY;
    return (chunk: Buffer) => {
      left -= chunk.length;
      if (left <= 0) socket.destroy();
    };
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const fault = decide(request);
    if (fault === 'cut') {
      request.socket.destroy();
    } else if (typeof fault === 'object' && 'status' in fault) {
      response.writeHead(fault.status, fault.headers).end(fault.body);
    } else if (fault !== 'stall') {
      const outgoing = upstream(request, fault);
      outgoing.on('error', () => request.socket.destroy());
      outgoing.on('response', (incoming) => {
        if (typeof fault === 'object' && 'passAndAnswer' in fault) {
          incoming.resume().on('end', () => response.writeHead(fault.passAndAnswer).end());
          return;
        }
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.on('data', countdown(fault, request.socket));
        pass(incoming, response);
      });
      response.on('close', () => outgoing.destroy());
      const delayMs = typeof fault === 'object' && 'delayMs' in fault ? fault.delayMs : 0;
      setTimeout(() => request.pipe(outgoing), delayMs);
    }
  };
  const upgrade = (request: IncomingMessage, client: Duplex) => {
    requests.push(`UPGRADE ${request.url ?? ''}`);
    const fault = decide(request);
    if (typeof fault === 'object' && 'status' in fault) {
      const lines = Object.entries(fault.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      client.end(`HTTP/1.1 ${fault.status} Refused\r\n${lines.join('')}Connection: close\r\n\r\n${fault.body ?? ''}`);
      return;
    }
    const outgoing = upstream(request, fault);
    outgoing.on('error', () => client.destroy());
    outgoing.on('upgrade', (incoming, server, head) => {
      const lines = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}`);
      client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      client.write(head);
      server.on('data', countdown(fault, client));
      server.on('error', () => client.destroy());
      client.on('error', () => server.destroy());
      client.on('close', () => server.destroy());
      if (fault !== 'stall') pass(server, client);
      pass(client, server);
    });
    outgoing.on('response', (incoming) => {
      client.write(`HTTP/1.1 ${incoming.statusCode ?? 502} Refused\r\nConnection: close\r\n\r\n`);
      incoming.pipe(client);
    });
    outgoing.end();
  };

  const server = createServer(answer);
  server.on('upgrade', upgrade);
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cutAll = () => sockets.forEach((socket) => socket.destroy());
  const down = async () => {
    cutAll();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    cutAll,
    freezeAll: () => pipes.splice(0).forEach(({ from, to }) => from.unpipe(to)),
    down,
    up: () => listen(port),
    connections: () => connections,
    close: async () => {
      agent.destroy();
      await down();
    },
  };
}
