// SPDX-License-Identifier: Apache-2.0
import { Agent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { openTunnel, proxyOfUrl, type Destination, type Proxy } from './open-tunnel.js';

type Created = (error: Error | null, stream: Duplex) => void;

/** Node.js takes an error without a stream, which its types do not say. */
function fail(created: Created | undefined, error: unknown): void {
  (created as ((error: unknown) => void) | undefined)?.(error);
}

class HttpTunnel extends Agent {
  constructor(
    readonly proxy: Proxy,
    options: AgentOptions,
    readonly limitMs: number,
  ) {
    super(options);
  }

  override createConnection(destination: Destination, created?: Created): undefined {
    openTunnel(this.proxy, destination, this.limitMs).then(
      (socket) => created?.(null, socket),
      (thrown: unknown) => fail(created, thrown),
    );
  }
}

class HttpsTunnel extends HttpsAgent {
  constructor(
    readonly proxy: Proxy,
    readonly tlsOptions: HttpsAgentOptions,
    readonly limitMs: number,
  ) {
    super(tlsOptions);
  }

  override createConnection(destination: Destination, created?: Created): undefined {
    openTunnel(this.proxy, destination, this.limitMs).then(
      (socket) => {
        const host = destination.host ?? '';
        const servername = this.tlsOptions.servername ?? (isIP(host) === 0 ? host : '');
        created?.(null, connectTls({ ...this.tlsOptions, servername, host, socket }));
      },
      (thrown: unknown) => fail(created, thrown),
    );
  }
}

/**
 * A pool of connections through a proxy (`http://`, `https://`, `socks5://` or `socks5h://`, with credentials in it if
 * need be), which has to open each within `limitMs`. Throws Failure.
 */
export function tunnelAgent(proxyUrl: string, secure: boolean, options: HttpsAgentOptions, limitMs: number): Agent {
  const proxy = proxyOfUrl(proxyUrl);
  return secure ? new HttpsTunnel(proxy, options, limitMs) : new HttpTunnel(proxy, options, limitMs);
}
