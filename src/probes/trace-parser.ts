// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { quotedLine } from './lines.js';
import type { ProbeParser } from './probe.js';
import type { TraceRequest } from './trace-command.js';
import { traceOutcome, type TraceOutcome } from './trace-outcome.js';
import { TraceTally } from './trace-tally.js';

/** A tool has ended its rounds, for streaming. */
export interface TraceEvent {
  kind: 'traced';
  index: number;
}

const marker = /^@(\w+)(?: (\d{1,9}))?(?: (.*))?$/;
const ofRound = /^(\d{1,4}) (.*)$/;
/** More lines than any tool prints in one round. */
const maxLines = 5000;

/** Reads the output of traceCommand(request); `end` gives one outcome a destination, in the request's order. */
export function traceParser(request: TraceRequest): ProbeParser<TraceEvent, TraceOutcome> {
  const tallies = new Map(request.destinations.map((destination) => [destination.index, new TraceTally(destination)]));
  const isTracepath = request.method === 'tracepath';
  let missing: string | undefined;
  let unrunnable: string | undefined;
  let lastText: string | undefined;

  function about(tally: TraceTally, word: string, rest: string): TraceEvent[] {
    const { destination } = tally;
    const [, round, text = ''] = ofRound.exec(rest) ?? [];
    switch (word) {
      case 'resolved':
        if (destination.host !== undefined && isIP(rest) === destination.family) tally.address = rest;
        return [];
      case 'unresolved':
        tally.unresolved = rest === 'timeout' ? 'timeout' : 'notFound';
        return [];
      case 'trace':
        if (round === undefined) return [];
        if (isTracepath) tally.tracepath.line(text, tally.address);
        if (tally.lines.length < maxLines) tally.lines.push(text);
        return [];
      case 'ended':
        if (round === undefined || !/^\d{1,3}$/.test(text)) return [];
        tally.exitCodes.push(Number(text));
        return [{ kind: 'traced', index: destination.index }];
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
      const tally = digits === undefined ? undefined : tallies.get(Number(digits));
      if (word === 'missing') missing = /^[a-z-]+$/.test(rest) ? rest : missing;
      if (word === 'unrunnable') unrunnable = /^[a-z-]+$/.test(rest) ? rest : unrunnable;
      return tally === undefined ? [] : about(tally, word, rest);
    },
    stderr(line) {
      if (line.trim() !== '') lastText = quotedLine(line);
      return [];
    },
    end: (exitCode) => {
      const run = { request, missing, unrunnable, exitCode, lastText };
      return [...tallies.values()].map((tally) => traceOutcome(tally, run));
    },
  };
}
