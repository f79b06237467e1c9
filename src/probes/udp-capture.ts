// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { Failure } from '../errors/failure.js';
import type { ProbeParser, RemoteCommand } from './probe.js';
import findTool from './remote/find-tool.sh';
import captureProgram from './remote/udp-capture.sh';
import { compactScript, unrunnable } from './remote-script.js';
import { wholeNumber } from './tcp.js';

export interface UdpCaptureRequest {
  /** What to look for: datagrams to these ports that carry their token. */
  expected: { port: number; token: string }[];
  /** Only datagrams from these addresses; empty for any. */
  sources?: string[];
  /** The capture ends by itself after this, or once every token was seen. */
  seconds: number;
  leash: boolean;
}

export type UdpCaptureEvent =
  { kind: 'listening' } | { kind: 'seen'; token: string } | { kind: 'failed'; message: string };

export interface UdpCaptureOutcome {
  port: number;
  token: string;
  seen: boolean;
}

/**
 * A capture in the destination's pod. It needs uid 0, NET_RAW and SETGID (tcpdump gives up its groups even with `-Z root`).
 * Wait for the `listening` event before sending. Throws a usage Failure for a token or number that cannot be.
 */
export function udpCaptureCommand(request: UdpCaptureRequest): RemoteCommand {
  const ports = [...new Set(request.expected.map(({ port }) => wholeNumber(port, 1, 65_535, 'port')))];
  if (ports.length === 0) throw new Failure('bug', 'a capture has to expect something');
  for (const { token } of request.expected) {
    if (!tokenForm.test(token)) throw new Failure('usage', `"${token}" cannot be told apart in a capture`);
  }
  const sources = (request.sources ?? []).map((address) => {
    if (isIP(address) === 0) throw new Failure('usage', `"${address}" is not an IP address`);
    return `src host ${address}`;
  });
  const filter = [
    `udp and (${ports.map((port) => `dst port ${port}`).join(' or ')})`,
    ...(sources.length === 0 ? [] : [`(${sources.join(' or ')})`]),
  ].join(' and ');
  return {
    argv: [
      'sh',
      '-c',
      compactScript(findTool + captureProgram),
      'netmachinery-capture',
      wholeNumber(request.seconds, 1, 3600, 'seconds of the capture'),
      request.leash ? 'yes' : 'no',
      filter,
      ...request.expected.map(({ token }) => token),
    ],
    limitMs: (request.seconds + 2) * 1000,
  };
}

/** No blank, no pattern character: the script compares lines with it. */
const tokenForm = /^[A-Za-z0-9_.:-]{8,200}$/;

/**
 * Reads the lines of remote/udp-capture.sh: `@listening`, `@seen TOKEN`, `@failed TEXT`, `@unrunnable TOOL`, `@missing TOOL`. A token that was
 * not seen proves nothing without a `listening` event.
 */
export function udpCaptureParser(request: UdpCaptureRequest): ProbeParser<UdpCaptureEvent, UdpCaptureOutcome> {
  const seen = new Set<string>();
  const expected = new Set(request.expected.map(({ token }) => token));
  return {
    stdout(line) {
      if (line === '@listening') return [{ kind: 'listening' }];
      if (line.startsWith('@failed ')) return [{ kind: 'failed', message: line.slice('@failed '.length) }];
      if (line.startsWith('@unrunnable ')) return [{ kind: 'failed', message: unrunnable('tcpdump') }];
      if (line.startsWith('@missing ')) {
        return [{ kind: 'failed', message: `${line.slice('@missing '.length)} is missing in the tool image` }];
      }
      const token = line.startsWith('@seen ') ? line.slice('@seen '.length) : '';
      if (!expected.has(token) || seen.has(token)) return [];
      seen.add(token);
      return [{ kind: 'seen', token }];
    },
    stderr: () => [],
    end: () => request.expected.map(({ port, token }) => ({ port, token, seen: seen.has(token) })),
  };
}
