// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../errors/failure.js';
import type { BodyExpectation } from './http-body.js';
import type { StatusRange } from './http-status.js';
import type { RemoteCommand } from './probe.js';
import httpProgram from './remote/http.sh';
import { blocksAtOnce, blocksCommand, blocksOf } from './request-blocks.js';
import { wholeNumber } from './tcp.js';

/** Of one whole request. */
export const defaultHttpTimeoutMs = 10_000;
/** What is read of a body; the connection is closed after that. */
export const maxBodyBytes = 1024 * 1024;
/** What of it is looked at for `--expect-body`. */
const maxExaminedBytes = 64 * 1024;
/** What can be sent: it passes through a shell, which reads byte by byte. */
const maxSentBytes = 128 * 1024;
/** What starting processes may take on a crowded node: the command ends long before. */
const slackMs = 12_000;

/** What the answer has to be like. */
export interface HttpExpectation {
  /** Default: below 400. */
  statuses?: readonly StatusRange[] | undefined;
  body?: BodyExpectation | undefined;
}

/** A request line, its fields and its body; the same for all tests. */
export interface HttpMessage {
  /** Default: GET, and POST with a body. */
  method?: string | undefined;
  headers: readonly (readonly [name: string, value: string])[];
  body?: Buffer | undefined;
}

/** One request to one server. */
export interface HttpTest {
  index: number;
  url: string;
  /** Connect to this instead of what the URL's host stands for; Host and SNI stay the URL's. */
  connectTo?: { address: string; port: number } | undefined;
  /** The family in which the URL's host is resolved. */
  family?: 4 | 6 | undefined;
}

/** Requests from one pod, all in one exec. */
export interface HttpRequest {
  tests: HttpTest[];
  message: HttpMessage;
  attempts: number;
  /** Until the connection stands, TLS included. */
  connectTimeoutMs: number;
  /** Of one whole request. */
  timeoutMs: number;
  http2: boolean;
  insecure: boolean;
  /** Redirects that are followed; 0: none. */
  redirects: number;
  /** Heed the proxies of the container's environment. */
  useProxy: boolean;
  expect: HttpExpectation;
  /** Whether stdin is connected, and its end means that nobody waits for the result any more. */
  leash: boolean;
}

/** The command that makes the requests. Throws a usage Failure for what no request can be made of. */
export function httpCommand(request: HttpRequest): RemoteCommand {
  const { tests, attempts, timeoutMs, expect, leash } = request;
  const script = {
    name: 'netmachinery-http',
    text: httpProgram,
    arguments: [String(maxBodyBytes), String(expect.body === undefined ? 0 : maxExaminedBytes)],
  };
  const rounds = Math.ceil(tests.length / blocksAtOnce);
  const limitMs = rounds * attempts * timeoutMs + slackMs;
  return blocksCommand(script, blocksOf(tests.map((test) => testLines(request, test))), { leash, limitMs });
}

/** Throws a usage Failure for what no request can be made of; it quotes no value of a header. */
export function requireMessage({ method, headers, body }: HttpMessage): void {
  if (method !== undefined && !/^[A-Z][A-Z-]{0,30}$/.test(method)) {
    throw new Failure('usage', `"${method}" is not an HTTP method`, { hint: 'write GET, POST, ...' });
  }
  for (const header of headers) quoted(headerLine(header));
  if ((body?.length ?? 0) > maxSentBytes) {
    throw new Failure('usage', `the body has ${body?.length} bytes, and at most ${maxSentBytes} can be sent`);
  }
}

function testLines(request: HttpRequest, test: HttpTest): string[] {
  const index = wholeNumber(test.index, 0, Number.MAX_SAFE_INTEGER, 'test index');
  requireMessage(request.message);
  const { body } = request.message;
  return [
    `t ${index} ${wholeNumber(request.attempts, 1, 1000, 'number of attempts')}`,
    ...(body === undefined || body.length === 0 ? [] : [`b ${body.toString('base64')}`]),
    ...configuration(request, test).map((line) => `c ${line}`),
    'g',
  ];
}

/** The lines of a curl configuration (curl(1), `--config`). */
function configuration(request: HttpRequest, { url, connectTo, family }: HttpTest): string[] {
  const { message, http2, insecure, redirects, useProxy } = request;
  const { method, headers, body } = message;
  return [
    `url = ${quoted(url)}`,
    'globoff',
    'path-as-is',
    'proto = "=http,https"',
    `user-agent = "kubectl-netmachinery"`,
    ...(method === 'HEAD' ? ['head'] : method === undefined ? [] : [`request = "${method}"`]),
    ...headers.map((header) => `header = ${quoted(headerLine(header))}`),
    ...(body === undefined ? [] : [`data-binary = "${body.length === 0 ? '' : '@/dev/fd/5'}"`]),
    // curl's own type, which says that a form was filled in, would be wrong.
    ...(body === undefined || headers.some(([name]) => name.toLowerCase() === 'content-type')
      ? []
      : ['header = "Content-Type: application/octet-stream"']),
    http2 ? 'http2' : 'http1.1',
    ...(insecure ? ['insecure'] : []),
    ...(redirects > 0 ? ['location', `max-redirs = ${wholeNumber(redirects, 1, 100, 'number of redirects')}`] : []),
    `connect-timeout = ${seconds(request.connectTimeoutMs)}`,
    `max-time = ${seconds(request.timeoutMs)}`,
    ...(connectTo === undefined ? [] : [`connect-to = ${quoted(connectToText(url, connectTo))}`]),
    ...(family === undefined ? [] : [`ipv${family}`]),
    ...(useProxy ? [] : ['noproxy = "*"']),
  ];
}

/** A value of a curl configuration. Throws a usage Failure for what would begin another line. */
function quoted(text: string): string {
  if (hasControls(text)) throw new Failure('usage', 'a URL or header holds a control character');
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function hasControls(text: string): boolean {
  return Buffer.from(text, 'utf8').some((byte) => byte < 0x20 || byte === 0x7f);
}

/** RFC 9110 section 5.1: a field name is a token. An empty value is curl's `Name;`. */
function headerLine([name, value]: readonly [string, string]): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new Failure('usage', `"${name}" is not the name of a header`);
  return value.trim() === '' ? `${name};` : `${name}: ${value.trim()}`;
}

function seconds(ms: number): string {
  return (Number(wholeNumber(ms, 1, 3_600_000, 'timeout in ms')) / 1000).toFixed(3);
}

function connectToText(url: string, { address, port }: { address: string; port: number }): string {
  const { hostname, port: own, protocol } = new URL(url);
  if (isIP(address) === 0 || address.includes('%')) throw new Failure('usage', `"${address}" is not an IP address`);
  const from = own === '' ? (protocol === 'https:' ? '443' : '80') : own;
  const to = address.includes(':') ? `[${address}]` : address;
  return `${hostname}:${from}:${to}:${wholeNumber(port, 1, 65_535, 'port')}`;
}
