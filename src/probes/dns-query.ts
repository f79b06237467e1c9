// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

/** Every cluster has this name (Kubernetes' DNS specification), so a cluster DNS server that works answers it. */
const defaultDnsName = 'kubernetes.default.svc.cluster.local';
/** Our queries all have this id: each has a socket of its own, so nothing has to be told apart by it. */
const dnsQueryId = 0x6e6d;

const typeNumbers = { A: 1, AAAA: 28 } as const;
const classIn = 1;
const headerBytes = 12;
const flagResponse = 0x8000;
const flagTruncated = 0x0200;
const flagRecursionDesired = 0x0100;

/** RFC 1035 section 4.1.1 and RFC 2136 section 2.2, as dig names them. */
const rcodeNames = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET'];

/** A DNS query datagram with one question (RFC 1035 section 4.1). Throws a usage Failure for what is no domain name. */
export function dnsQuery(name: string = defaultDnsName, type: keyof typeof typeNumbers = 'A'): Buffer {
  const labels = name
    .replace(/\.$/, '')
    .split('.')
    .map((label) => Buffer.from(label, 'latin1'));
  const encoded = Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), label]), Buffer.of(0)]);
  if (!/^[\x21-\x7e]+$/.test(name) || labels.some(({ length }) => length < 1 || length > 63) || encoded.length > 255) {
    throw new Failure('usage', `"${name}" is not a domain name`);
  }
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(dnsQueryId, 0);
  header.writeUInt16BE(flagRecursionDesired, 2);
  header.writeUInt16BE(1, 4);
  const question = Buffer.alloc(4);
  question.writeUInt16BE(typeNumbers[type], 0);
  question.writeUInt16BE(classIn, 2);
  return Buffer.concat([header, encoded, question]);
}

export interface DnsReply {
  rcode: number;
  /** `NOERROR`, `NXDOMAIN`, ... or `RCODE<n>`. */
  status: string;
  /** The number of records in the answer section, as the header says. */
  answers: number;
  truncated: boolean;
}

/** The header of a reply to one of our queries; undefined for anything else. Never throws. */
export function readDnsReply(datagram: Uint8Array): DnsReply | undefined {
  if (datagram.length < headerBytes) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const flags = view.getUint16(2);
  if (view.getUint16(0) !== dnsQueryId || (flags & flagResponse) === 0) return undefined;
  const rcode = flags & 0x000f;
  return {
    rcode,
    status: rcodeNames[rcode] ?? `RCODE${rcode}`,
    answers: view.getUint16(6),
    truncated: (flags & flagTruncated) !== 0,
  };
}
