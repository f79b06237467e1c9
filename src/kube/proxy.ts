// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIP } from 'node:net';

const defaultPorts: Record<string, string> = { 'http:': '80', 'https:': '443' };

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether one word of NO_PROXY stands for a host. `HOST`, `.HOST`, `HOST:PORT`, an address, a CIDR or `*`. */
function excludes(word: string, host: string, port: string): boolean {
  if (word === '*') return true;
  const [, network, prefix] = /^([^/]+)\/(\d+)$/.exec(word) ?? [];
  if (network !== undefined && prefix !== undefined) {
    const family = isIP(network);
    if (family === 0 || isIP(host) !== family || Number(prefix) > (family === 4 ? 32 : 128)) return false;
    const list = new BlockList();
    const type = family === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(network, Number(prefix), type);
    return list.check(host, type);
  }
  const [, bare = word, wordPort] = (isIP(word) === 0 ? /^\[?(.*?)\]?:(\d+)$/.exec(word) : null) ?? [];
  if (wordPort !== undefined && wordPort !== port) return false;
  if (isIP(bare) !== 0) return bare === host;
  const name = bare.replace(/^\*?\./, '');
  return host.endsWith(`.${name}`) || (host === name && bare === name);
}

/**
 * The proxy for a server as Go chooses it (golang.org/x/net/http/httpproxy): the kubeconfig's `proxy-url`, else HTTPS_PROXY
 * or HTTP_PROXY by the server's scheme unless NO_PROXY names it; this machine itself never by the environment's. Go knows no
 * ALL_PROXY.
 */
export function proxyFor(
  server: URL,
  proxyUrl: string | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (proxyUrl) return proxyUrl;
  const variable = (name: string) => environment[name] || environment[name.toLowerCase()] || '';
  const proxy = variable(server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port === '' ? (defaultPorts[server.protocol] ?? '') : server.port;
  if (proxy === '' || isLoopback(host)) return undefined;
  const words = variable('NO_PROXY')
    .toLowerCase()
    .split(/[\s,]+/);
  return words.some((word) => word !== '' && excludes(word, host, port)) ? undefined : proxy;
}
