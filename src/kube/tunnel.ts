// SPDX-License-Identifier: Apache-2.0
import { Agent, request as httpRequest, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions as HttpsAgentOptions } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Failure } from '../errors/failure.js';
import { userAgent } from './user-agent.js';

type Created = (error: Error | null, stream: Duplex) => void;

interface Destination {
  host?: string | null | undefined;
  port?: number | string | null | undefined;
}

function proxyFailure(proxy: URL, words: string, cause?: unknown): Failure {
  return new Failure('cluster', `Unable to connect to the server: proxy ${proxy.host}: ${words}`, {
    reason: 'ProxyFailed',
    cause,
  });
}

/** Asks a proxy for a connection to a server (RFC 9110, section 9.3.6). */
function openTunnel(
  proxy: URL,
  destination: Destination,
  opened: (error: Error | null, socket?: Socket) => void,
): void {
  const host = destination.host ?? '';
  const port = destination.port ?? '';
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const headers: Record<string, string> = { Host: authority, 'User-Agent': userAgent };
  if (proxy.username !== '') {
    const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['Proxy-Authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const open = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const asking = open({
    hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers,
    agent: false,
  });
  asking.on('connect', ({ statusCode, statusMessage = '' }, socket) => {
    if (statusCode === 200) {
      opened(null, socket);
      return;
    }
    socket.destroy();
    opened(proxyFailure(proxy, `${statusCode ?? 0} ${statusMessage}`.trim()));
  });
  asking.on('response', ({ statusCode = 0, statusMessage = '' }) => {
    asking.destroy();
    opened(proxyFailure(proxy, `${statusCode} ${statusMessage}`.trim()));
  });
  asking.on('error', (error) => opened(proxyFailure(proxy, error.message, error)));
  asking.end();
}

/** Node.js takes an error without a stream, which its types do not say. */
function fail(created: Created | undefined, error: Error | null): void {
  (created as ((error: Error | null) => void) | undefined)?.(error);
}

class HttpTunnel extends Agent {
  constructor(
    readonly proxy: URL,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection(destination: Destination, created?: Created): undefined {
    openTunnel(this.proxy, destination, (error, socket) => {
      if (socket === undefined) fail(created, error);
      else created?.(null, socket);
    });
  }
}

class HttpsTunnel extends HttpsAgent {
  constructor(
    readonly proxy: URL,
    readonly tlsOptions: HttpsAgentOptions,
  ) {
    super(tlsOptions);
  }

  override createConnection(destination: Destination, created?: Created): undefined {
    openTunnel(this.proxy, destination, (error, socket) => {
      if (socket === undefined) {
        fail(created, error);
        return;
      }
      const host = destination.host ?? '';
      const servername = this.tlsOptions.servername ?? (isIP(host) === 0 ? host : '');
      created?.(null, connectTls({ ...this.tlsOptions, servername, host, socket }));
    });
  }
}

/** A pool of connections through a proxy (`http://` or `https://`, with credentials in it if need be). Throws Failure. */
export function tunnelAgent(proxyUrl: string, secure: boolean, options: HttpsAgentOptions): Agent {
  const url = proxyUrl.includes('://') ? proxyUrl : `http://${proxyUrl}`;
  if (!URL.canParse(url)) throw new Failure('usage', `"${proxyUrl}" is not the URL of a proxy`);
  const proxy = new URL(url);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new Failure('unsupported', `proxies of the kind ${proxy.protocol.replace(':', '')} are not supported`, {
      hint: 'use an HTTP proxy, or kubectl port-forward or ssh -L to reach the API server',
    });
  }
  return secure ? new HttpsTunnel(proxy, options) : new HttpTunnel(proxy, options);
}
