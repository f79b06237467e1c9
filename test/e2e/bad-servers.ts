// SPDX-License-Identifier: Apache-2.0
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** What may listen where an API server is looked for. */
export interface BadServers {
  /** `HOST:PORT` of each. */
  ssh: string;
  web: string;
  webOfObjects: string;
  login: string;
  gateway: string;
  closing: string;
  mute: string;
  stranger: string;
  close(): Promise<void>;
}

async function listen(server: Server | HttpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Servers on loopback none of which is an API server. `identity`: a certificate that no authority of the cluster signed. */
export async function badServers(identity: { key: Buffer; cert: Buffer }): Promise<BadServers> {
  const sockets = new Set<Socket>();
  const servers: (Server | HttpServer)[] = [];
  const start = (server: Server | HttpServer) => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.on('tlsClientError', () => undefined);
    return listen(server);
  };
  const http = (answer: RequestListener) => start(createHttpServer(answer));
  const page =
    (status: number): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'Content-Type': 'text/html' }).end('<html>\n<script>alert(1)</script>\n</html>');
    };
  return {
    ssh: await start(createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))),
    web: await http(page(200)),
    webOfObjects: await http((_, response) => response.end('{}')),
    login: await http((_, response) => response.writeHead(302, { Location: 'https://login.example/' }).end()),
    gateway: await http(page(502)),
    closing: await start(createServer((socket) => socket.end())),
    mute: await start(createServer()),
    stranger: await start(createTlsServer(identity)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
