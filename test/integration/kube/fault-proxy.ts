// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What happens to a request: it is passed on, answered here, or its connection is cut or left without an answer. */
export type Fault =
  | 'pass'
  | 'cut'
  | 'stall'
  /** Passed on; the connection is cut after so many bytes of the answer, or of the upgraded stream. */
  | { cutAfterBytes: number }
  | { status: number; headers?: Record<string, string>; body?: string };

export interface FaultProxy {
  url: string;
  /** `METHOD PATH` of each request as it came in. */
  requests: string[];
  /** Cuts every connection that is open, as a restart of the server would. */
  cutAll(): void;
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

  const upstream = (request: IncomingMessage) => {
    const headers = { ...request.headers, host: new URL(cluster.server).host };
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
      const outgoing = upstream(request);
      outgoing.on('error', () => request.socket.destroy());
      outgoing.on('response', (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.on('data', countdown(fault, request.socket));
        incoming.pipe(response);
      });
      response.on('close', () => outgoing.destroy());
      request.pipe(outgoing);
    }
  };
  const upgrade = (request: IncomingMessage, client: Duplex) => {
    requests.push(`UPGRADE ${request.url ?? ''}`);
    const fault = decide(request);
    const outgoing = upstream(request);
    outgoing.on('error', () => client.destroy());
    outgoing.on('upgrade', (incoming, server, head) => {
      const lines = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}`);
      client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      client.write(head);
      server.on('data', countdown(fault, client));
      server.on('error', () => client.destroy());
      client.on('error', () => server.destroy());
      client.on('close', () => server.destroy());
      if (fault !== 'stall') server.pipe(client);
      client.pipe(server);
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
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    cutAll,
    close: async () => {
      cutAll();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
