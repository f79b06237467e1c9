// SPDX-License-Identifier: Apache-2.0
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { Failure } from '../errors/failure.js';
import { abortFailure } from './guard.js';
import { redactedText } from './redacted-url.js';
import { connectThroughSocks } from './socks.js';
import { userAgent } from './user-agent.js';

/** A proxy, its credentials decoded; none: empty words. */
export interface Proxy {
  url: URL;
  host: string;
  username: string;
  password: string;
}

/** Where a tunnel is to end. */
export interface Destination {
  host?: string | null | undefined;
  port?: number | string | null | undefined;
  /** Aborts when nobody waits for the tunnel any more. */
  abandoned?: AbortSignal | undefined;
}

const kinds = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);

function decoded(text: string, { host }: URL): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // What is wrong is in a secret: it is not quoted.
    throw new Failure('usage', `the user or the password in the URL of the proxy ${host} is not percent-encoded`, {
      hint: 'a % in it is written as %25',
    });
  }
}

/** The proxy that a URL names, whose scheme may be left out. Throws Failure `usage` or `unsupported`. */
export function proxyOfUrl(text: string): Proxy {
  const full = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(full)) throw new Failure('usage', `"${redactedText(text)}" is not the URL of a proxy`);
  const url = new URL(full);
  if (!kinds.has(url.protocol)) {
    throw new Failure('unsupported', `proxies of the kind ${url.protocol.replace(':', '')} are not supported`, {
      hint: 'the proxy-url of the kubeconfig has to begin with http://, https:// or socks5://',
    });
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { url, host, username: decoded(url.username, url), password: decoded(url.password, url) };
}

function proxyFailure({ url }: Proxy, words: string, cause?: unknown): Failure {
  return new Failure('cluster', `Unable to connect to the server: proxy ${url.host}: ${words}`, {
    reason: 'ProxyFailed',
    cause,
  });
}

/** By HTTP (RFC 9110, section 9.3.6). Throws Error in the proxy's words. */
function connectThroughHttp(proxy: Proxy, destination: Destination, signal: AbortSignal): Promise<Socket> {
  const { url, username, password } = proxy;
  const host = destination.host ?? '';
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${destination.port ?? ''}`;
  const headers: Record<string, string> = { Host: authority, 'User-Agent': userAgent };
  if (username !== '') {
    headers['Proxy-Authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asking = open({
      hostname: proxy.host,
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers,
      agent: false,
    });
    signal.addEventListener('abort', () => asking.destroy(), { once: true });
    const refuse = (statusCode = 0, statusMessage = '') => reject(new Error(`${statusCode} ${statusMessage}`.trim()));
    asking.on('connect', ({ statusCode, statusMessage }, socket) => {
      if (statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      refuse(statusCode, statusMessage);
    });
    asking.on('response', ({ statusCode, statusMessage }) => {
      asking.destroy();
      refuse(statusCode, statusMessage);
    });
    asking.on('error', reject);
    asking.end();
  });
}

function connectThrough(proxy: Proxy, destination: Destination, signal: AbortSignal): Promise<Socket> {
  if (!proxy.url.protocol.startsWith('socks')) return connectThroughHttp(proxy, destination, signal);
  const { host, username, password } = proxy;
  const socks = { host, port: Number(proxy.url.port || 1080), username, password };
  return connectThroughSocks(socks, destination.host ?? '', Number(destination.port), signal);
}

/**
 * Asks a proxy for a connection to a server. Throws Failure that names the proxy, also when it does not answer within
 * `limitMs`; then, and when nobody waits any more, the connection to it is closed.
 */
export async function openTunnel(proxy: Proxy, destination: Destination, limitMs: number): Promise<Socket> {
  const { abandoned } = destination;
  const controller = new AbortController();
  const { signal } = controller;
  const abandon = () => controller.abort(abandoned && abortFailure(abandoned));
  const timer = setTimeout(() => controller.abort(proxyFailure(proxy, 'i/o timeout')), limitMs);
  abandoned?.addEventListener('abort', abandon, { once: true });
  if (abandoned?.aborted === true) abandon();
  try {
    signal.throwIfAborted();
    const socket = await connectThrough(proxy, destination, signal);
    if (!signal.aborted) return socket;
    socket.destroy();
    throw abortFailure(signal);
  } catch (thrown) {
    throw signal.aborted ? abortFailure(signal) : proxyFailure(proxy, (thrown as Error).message, thrown);
  } finally {
    clearTimeout(timer);
    abandoned?.removeEventListener('abort', abandon);
  }
}
