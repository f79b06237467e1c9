// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cluster } from '../../../src/kube/cluster.js';
import { connectCluster } from '../../../src/kube/connect.js';

/** How a server answers a request: by its turn, since faults come one after the other. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export function json(body: object, status = 200): Answer {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function statusAnswer(code: number, reason: string): Answer {
  return json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, code }, code);
}

/** Speaks HTTP as an API server does, faults included; `answer` is asked for each request. */
export class WatchServer {
  readonly cluster: Promise<Cluster>;
  private readonly server;
  private port = 0;

  constructor(answer: Answer) {
    this.server = createServer((request, response) => answer(response, request));
    this.cluster = this.start().then(() =>
      connectCluster({ kubeconfig: '/dev/null', server: `http://127.0.0.1:${this.port}` }),
    );
  }

  /** Again on the port of before. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
