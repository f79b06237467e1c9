// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../model/reason.js';
import { socketErrorReason } from './tcp-reason.js';

/** What one query brought, as dig shows it. */
export type DnsReply =
  | { rcode: string; authoritative: boolean; records: DnsRecord[]; ms: number }
  /** Nothing came back; `text` is dig's. */
  | { unanswered: Reason; text: string };

interface DnsRecord {
  ttl: number;
  type: string;
  data: string;
}

/** Reads the lines that dig prints for one query after another; see remote/dns.sh for its options. Never throws. */
export function readReplies(lines: readonly string[]): DnsReply[] {
  const replies: DnsReply[] = [];
  let rcode: string | undefined;
  let authoritative = false;
  let records: DnsRecord[] = [];
  let error = '';
  for (const line of lines) {
    const [, status] = /^;; ->>HEADER<<- .*\bstatus: ([A-Z0-9]{2,15}),/.exec(line) ?? [];
    if (status !== undefined) [rcode, records] = [status, []];
    const [, flags] = /^;; flags:([a-z ]*);/.exec(line) ?? [];
    if (flags !== undefined) authoritative = flags.split(' ').includes('aa');
    const [, ttl, type, data] = /^[^;\s]\S*\s+(\d{1,10})\s+IN\s+([A-Z0-9]+)\s+(\S.*)$/.exec(line) ?? [];
    if (type !== undefined && data !== undefined) records.push({ ttl: Number(ttl), type, data: data.trim() });
    const [, text] =
      /^;; (?:communications error to|UDP setup with|Connection to) .*?(?:: | failed: )([a-z ]+)\.?$/.exec(line) ?? [];
    if (text !== undefined) error = text;
    const [, time, unit] = /^;; Query time: (\d{1,12}) (usec|msec)$/.exec(line) ?? [];
    if (time !== undefined && rcode !== undefined) {
      replies.push({ rcode, authoritative, records, ms: unit === 'usec' ? Number(time) / 1000 : Number(time) });
      rcode = undefined;
    }
    if (line.includes('no servers could be reached')) {
      const reason = error === '' ? 'TimedOut' : socketErrorReason(error);
      replies.push({ unanswered: reason, text: error });
      [rcode, error] = [undefined, ''];
    }
  }
  return replies;
}

/** The form in which answers are compared: addresses as RFC 5952 has them, names in lower case and without the dot at the end. */
export function sameAnswer(data: string): string {
  if (data.includes(':') && !/[^0-9a-f:.]/i.test(data)) {
    const [address] = [data].flatMap((text) =>
      URL.canParse(`http://[${text}]/`) ? [new URL(`http://[${text}]/`)] : [],
    );
    return address?.hostname ?? data;
  }
  return data.toLowerCase().replace(/\.$/, '');
}
