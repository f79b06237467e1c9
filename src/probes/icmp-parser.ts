// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { causeOfFpingLine, causeOfPingLine, withoutToolName } from './icmp-cause.js';
import { icmpTimes, plannedEchoes, type IcmpRequest } from './icmp-command.js';
import { icmpOutcome, type IcmpOutcome, type IcmpTool } from './icmp-outcome.js';
import { IcmpTally, type IcmpEvent } from './icmp-tally.js';
import { destinationWord, type ProbeParser } from './probe.js';

const decimal = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const fpingReply = new RegExp(String.raw`^(\S+)\s*: \[(\d+)\], \d+ bytes, (${decimal}) ms \(`);
const fpingDuplicate = new RegExp(String.raw`^(\S+)\s*: duplicate for \[(\d+)\], \d+ bytes, (${decimal}) ms`);
const fpingLoss = /^(\S+)\s*: \[(\d+)\], timed out \(/;
const fpingSummary = new RegExp(String.raw`^(\S+)\s*:((?: (?:-|${decimal}))+)$`);
const pingReply = /^\d+ bytes from .*?: (icmp_)?seq=(\d+) (?:ttl|hlim)=\d+(?: time[=<](\d+(?:\.\d+)?) ms)?(.*)$/;
const pingStatistics = /^(\d+) packets transmitted, (\d+) (?:packets )?received,/;
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
    if (line.trim() !== '') this.#lastText = line.trim();
    return [];
  }

  end(exitCode: number): IcmpOutcome[] {
    const run = {
      tool: this.#tool,
      missing: this.#missing || (this.#tool === undefined && exitCode === 127),
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
    const reply = fpingReply.exec(line);
    const duplicate = reply ?? fpingDuplicate.exec(line);
    if (duplicate) {
      const [, word = '', digits, rtt] = duplicate;
      return this.#each(word, digits, (tally, sequence) => [tally.reply(sequence, Number(rtt), reply === null)]);
    }
    const loss = fpingLoss.exec(line);
    if (loss) return this.#each(loss[1] ?? '', loss[2], (tally, sequence) => tally.loss(sequence));
    const summary = fpingSummary.exec(line);
    if (summary) return this.#fpingSummary(summary[1] ?? '', (summary[2] ?? '').trim().split(' '));
    const error = causeOfFpingLine(line);
    if (error) for (const tally of this.#byWord.get(error.word) ?? []) tally.blame(error.cause);
    else if (line.trim() !== '') this.#lastText = withoutToolName(line.trim());
    return [];
  }

  #fpingSummary(word: string, times: string[]): IcmpEvent[] {
    if (times.length > this.#count) return [];
    return (this.#byWord.get(word) ?? []).flatMap((tally) => {
      const replies = times.flatMap((time, sequence) =>
        time === '-' || tally.rttBySequence.has(sequence) ? [] : [tally.reply(sequence, Number(time), false)],
      );
      return [...replies, ...tally.finish(this.#count)];
    });
  }

  #ping(tally: IcmpTally, line: string): IcmpEvent[] {
    const reply = pingReply.exec(line);
    if (reply) {
      // iputils counts from 1, busybox from 0.
      const sequence = Number(reply[2]) - (reply[1] === undefined ? 0 : 1);
      if (sequence < 0 || sequence >= this.#count) return [];
      const rttMs = reply[3] === undefined ? undefined : Number(reply[3]);
      return [tally.reply(sequence, rttMs, /DUP!/.test(reply[4] ?? ''))];
    }
    const statistics = pingStatistics.exec(line);
    if (statistics) {
      const transmitted = Math.min(Number(statistics[1]), this.#count);
      return tally.finish(this.#request.deadlineMs === undefined ? this.#count : transmitted);
    }
    const cause = causeOfPingLine(line);
    if (cause) tally.blame(cause);
    if (line.trim() !== '') tally.lastText = withoutToolName(line.trim());
    return [];
  }

  #each(
    word: string,
    digits: string | undefined,
    tell: (tally: IcmpTally, sequence: number) => IcmpEvent[],
  ): IcmpEvent[] {
    const sequence = Number(digits);
    if (!(sequence < this.#count)) return [];
    return (this.#byWord.get(word) ?? []).flatMap((tally) => tell(tally, sequence));
  }
}

/** A line of the ping that looks for the cause; its replies count too, because they show that the destination answers. */
function explain(tally: IcmpTally, line: string): void {
  const reply = pingReply.exec(line);
  const statistics = pingStatistics.exec(line);
  if (reply && !/DUP!/.test(reply[4] ?? ''))
    tally.explaining.rttsMs.push(reply[3] === undefined ? undefined : Number(reply[3]));
  else if (statistics) tally.explaining.sent = Number(statistics[1]);
  const cause = causeOfPingLine(line);
  // The measurement itself was permitted, so this says nothing about the network.
  if (cause && cause.reason !== 'PingNotPermitted') tally.blame(cause);
}
