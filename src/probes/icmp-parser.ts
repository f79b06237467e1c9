// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { causeOfFpingLine, causeOfPingLine, withoutToolName } from './icmp-cause.js';
import { readFpingLine, readPingLine } from './icmp-lines.js';
import { icmpTimes, plannedEchoes, type IcmpRequest } from './icmp-command.js';
import { icmpOutcome, type IcmpOutcome, type IcmpTool } from './icmp-outcome.js';
import { IcmpTally, type IcmpEvent } from './icmp-tally.js';
import { quotedLine } from './lines.js';
import { destinationWord, type ProbeParser } from './probe.js';

const marker = /^@(\w+)(?: (\d{1,9}))?(?: (.*))?$/;

/** Reads the output of icmpCommand(request); `end` gives one outcome a destination, in the request's order. */
export function icmpParser(request: IcmpRequest): ProbeParser<IcmpEvent, IcmpOutcome> {
  return new IcmpParser(request);
}

class IcmpParser implements ProbeParser<IcmpEvent, IcmpOutcome> {
  readonly #request: IcmpRequest;
  readonly #count: number;
  readonly #tallies = new Map<number, IcmpTally>();
  readonly #byWord = new Map<string, IcmpTally[]>();
  #tool: IcmpTool | undefined;
  #missing = false;
  #unrunnable: string | undefined;
  #lastText: string | undefined;

  constructor(request: IcmpRequest) {
    this.#request = request;
    this.#count = icmpTimes(request).count;
    for (const destination of request.destinations) {
      const tally = new IcmpTally(destination);
      this.#tallies.set(destination.index, tally);
      this.#name(destinationWord(destination), tally);
    }
  }

  stdout(line: string): IcmpEvent[] {
    return line.startsWith('@') ? this.#marker(line) : this.#fping(line);
  }

  stderr(line: string): IcmpEvent[] {
    if (line.trim() !== '') this.#lastText = quotedLine(line);
    return [];
  }

  end(exitCode: number): IcmpOutcome[] {
    const run = {
      tool: this.#tool,
      missing: this.#missing || (this.#tool === undefined && exitCode === 127),
      unrunnable: this.#unrunnable,
      exitCode,
      lastText: this.#lastText,
      planned: plannedEchoes(this.#request),
      unableToSetDontFragment: this.#tool === 'busybox' && this.#request.dontFragment === true,
    };
    return [...this.#tallies.values()].map((tally) => icmpOutcome(tally, run));
  }

  #marker(line: string): IcmpEvent[] {
    const [, word = '', digits, rest = ''] = marker.exec(line) ?? [];
    if (word === 'duplicates') return this.#duplicates(Number(digits), rest.trim());
    if (digits === undefined) return this.#runMarker(word, rest);
    const tally = this.#tallies.get(Number(digits));
    if (tally === undefined) return [];
    switch (word) {
      case 'resolved':
        return this.#resolved(tally, rest);
      case 'unresolved':
        tally.unresolved = rest === 'timeout' ? 'timeout' : 'notFound';
        return [];
      case 'ping':
        return this.#ping(tally, rest);
      case 'ended':
        tally.exitCode = Number.parseInt(rest, 10);
        return [];
      case 'cause':
        explain(tally, rest);
        return [];
      default:
        return [];
    }
  }

  #runMarker(word: string, rest: string): IcmpEvent[] {
    if (word === 'missing') this.#missing = true;
    if (word === 'unrunnable') this.#unrunnable = rest.trim();
    if (word === 'tool') {
      const name = /^(fping|iputils|busybox)\b/.exec(rest)?.[1];
      if (name !== undefined) this.#tool = name as IcmpTool;
    }
    if (word === 'deadline') {
      const open = [...this.#tallies.values()].filter((tally) => tally.sent === undefined);
      return open.flatMap((tally) => tally.finish(plannedEchoes(this.#request)));
    }
    return [];
  }

  #duplicates(more: number, word: string): IcmpEvent[] {
    for (const tally of this.#byWord.get(word) ?? []) if (Number.isInteger(more)) tally.duplicates += more;
    return [];
  }

  #resolved(tally: IcmpTally, address: string): IcmpEvent[] {
    if (tally.destination.host === undefined || isIP(address) !== tally.destination.family) return [];
    tally.address = address;
    this.#name(address, tally);
    return [{ kind: 'resolved', index: tally.destination.index, address }];
  }

  #name(word: string, tally: IcmpTally): void {
    const same = this.#byWord.get(word) ?? [];
    if (!same.includes(tally)) this.#byWord.set(word, [...same, tally]);
  }

  #fping(line: string): IcmpEvent[] {
    const read = readFpingLine(line);
    if (read === undefined) {
      const error = causeOfFpingLine(line);
      if (error) for (const tally of this.#byWord.get(error.word) ?? []) tally.blame(error.cause);
      else if (line.trim() !== '') this.#lastText = withoutToolName(line.trim());
      return [];
    }
    const tallies = this.#byWord.get(read.word) ?? [];
    if (read.kind === 'summary') return tallies.flatMap((tally) => this.#summary(tally, read.rttsMs));
    const { kind, sequence, rttMs } = read;
    if (sequence >= this.#count) return [];
    return tallies.flatMap((tally) =>
      kind === 'loss' ? tally.loss(sequence) : [tally.reply(sequence, rttMs, kind === 'duplicate')],
    );
  }

  #summary(tally: IcmpTally, rttsMs: (number | undefined)[]): IcmpEvent[] {
    if (rttsMs.length > this.#count) return [];
    const untold = rttsMs.flatMap((rttMs, sequence) =>
      rttMs === undefined || tally.rttBySequence.has(sequence) ? [] : [tally.reply(sequence, rttMs, false)],
    );
    return [...untold, ...tally.finish(this.#count)];
  }

  #ping(tally: IcmpTally, line: string): IcmpEvent[] {
    const read = readPingLine(line);
    if (read?.kind === 'reply')
      return read.sequence < this.#count ? [tally.reply(read.sequence, read.rttMs, read.duplicate)] : [];
    if (read?.kind === 'statistics') {
      const transmitted = Math.min(read.transmitted, this.#count);
      return tally.finish(this.#request.deadlineMs === undefined ? this.#count : transmitted);
    }
    const cause = causeOfPingLine(line);
    if (cause) tally.blame(cause);
    if (line.trim() !== '') tally.lastText = withoutToolName(line.trim());
    return [];
  }
}

/** A line of the ping that looks for the cause; its replies count too, because they show that the destination answers. */
function explain(tally: IcmpTally, line: string): void {
  const read = readPingLine(line);
  if (read?.kind === 'reply' && !read.duplicate) tally.explaining.rttsMs.push(read.rttMs);
  if (read?.kind === 'statistics') tally.explaining.sent = read.transmitted;
  const cause = causeOfPingLine(line);
  // The measurement itself was permitted, so this says nothing about the network.
  if (cause && cause.reason !== 'PingNotPermitted') tally.blame(cause);
}
