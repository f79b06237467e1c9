// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { quotedLine } from './lines.js';
import type { MtuRequest } from './mtu-command.js';
import { mtuOutcome, type MtuOutcome } from './mtu-outcome.js';
import { MtuTally } from './mtu-tally.js';
import type { ProbeParser } from './probe.js';

/** What happens during a search, for streaming. */
export type MtuEvent = { kind: 'tried'; index: number; bytes: number } | { kind: 'searched'; index: number };

const marker = /^@(\w+)(?: (\d{1,9}))?(?: (.*))?$/;
const sized = /^(\d{1,5}) (.*)$/;

/** Reads the output of mtuCommand(request); `end` gives one outcome a destination, in the request's order. */
export function mtuParser(request: MtuRequest): ProbeParser<MtuEvent, MtuOutcome> {
  const tallies = new Map(request.destinations.map((destination) => [destination.index, new MtuTally(destination)]));
  let tool: string | undefined;
  let missing = false;
  let unrunnable: string | undefined;
  let lastText: string | undefined;

  function about(tally: MtuTally, word: string, rest: string): MtuEvent[] {
    const { destination } = tally;
    const { index } = destination;
    const [, digits, text = ''] = sized.exec(rest) ?? [];
    const bytes = Number(digits);
    switch (word) {
      case 'resolved':
        if (destination.host !== undefined && isIP(rest) === destination.family) tally.address = rest;
        return [];
      case 'unresolved':
        tally.unresolved = rest === 'timeout' ? 'timeout' : 'notFound';
        return [];
      case 'route':
        tally.route = rest;
        return [];
      case 'link':
        tally.link = rest;
        return [];
      case 'ping':
        if (digits !== undefined) tally.line(bytes, text);
        return [];
      case 'ended':
        if (digits === undefined || !/^\d{1,3}$/.test(text)) return [];
        tally.ended(bytes, Number(text));
        return [{ kind: 'tried', index, bytes }];
      case 'searched':
        tally.searched = true;
        return [{ kind: 'searched', index }];
      default:
        return [];
    }
  }

  return {
    stdout(line) {
      const [, word, digits, rest = ''] = marker.exec(line) ?? [];
      if (word === undefined) {
        if (line.trim() !== '') lastText = quotedLine(line);
        return [];
      }
      if (digits === undefined) {
        if (word === 'missing') missing = true;
        if (word === 'unrunnable') unrunnable = rest.trim();
        if (word === 'tool') tool = /^(?:iputils|busybox)$/.exec(rest)?.[0];
        return [];
      }
      const tally = tallies.get(Number(digits));
      return tally === undefined ? [] : about(tally, word, rest);
    },
    stderr(line) {
      if (line.trim() !== '') lastText = quotedLine(line);
      return [];
    },
    end: (exitCode) => {
      const run = {
        busybox: tool === 'busybox',
        missing: missing || (tool === undefined && exitCode === 127),
        unrunnable,
        exitCode,
        lastText,
      };
      return [...tallies.values()].map((tally) => mtuOutcome(tally, run));
    },
  };
}
