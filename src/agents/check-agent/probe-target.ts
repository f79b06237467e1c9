// SPDX-License-Identifier: Apache-2.0
import type { CheckProbe, CheckTarget } from '../../model/check.js';
import { dnsProbe } from './probes/dns-probe.js';
import { httpProbe } from './probes/http-probe.js';
import type { Names, Resolved } from './probes/names.js';
import { rounded, type ProbeResult } from './probes/probe-result.js';
import { tcpProbe } from './probes/tcp-probe.js';
import { udpProbe } from './probes/udp-probe.js';
import { complaintOf, placeOf, type TargetPlace } from './target-place.js';

/** What is made one target at a time; `icmp` and `mtu` are made for all at once. */
export type SingleProbe = Exclude<CheckProbe, 'icmp' | 'mtu'>;

export interface Probing {
  names: Names;
  /** What `large` sends. */
  payload: string;
}

/**
 * One probe of one target. Where the target is a name, its value includes the time to resolve that: it is what a client of
 * the name waits. Never rejects.
 */
export async function probeTarget(target: CheckTarget, probe: SingleProbe, probing: Probing): Promise<ProbeResult> {
  if (probe === 'dns') {
    return target.host === undefined ? unclear('no name') : dnsProbe(target.address, target.port, target.host);
  }
  const place = placeOf(target);
  if (place?.port === undefined) return unclear(place === undefined ? 'no URL of HTTP' : 'no port');
  const resolved = await addressOf(place, target, probing.names);
  if (resolved === undefined) return unclear('neither address nor name');
  if ('failed' in resolved) return resolved.failed;
  const { address, ms } = resolved;
  const result = await probeAddress(target, probe, { ...place, address, port: place.port }, probing.payload);
  return typeof result.value === 'number' ? { ...result, value: rounded(result.value + ms) } : result;
}

const unclear = (detail: string): ProbeResult => ({ value: 'other', detail: `the target has ${detail}` });

async function addressOf(place: TargetPlace, { kind }: CheckTarget, names: Names): Promise<Resolved | undefined> {
  if (place.address !== undefined) return { address: place.address, ms: 0 };
  return place.host === undefined ? undefined : names.resolve(place.host, kind === 'url' || kind === 'external');
}

function probeAddress(
  { kind }: CheckTarget,
  probe: Exclude<SingleProbe, 'dns'>,
  place: TargetPlace & { address: string; port: number },
  payload: string,
): Promise<ProbeResult> {
  switch (probe) {
    case 'tcp':
      return tcpProbe(place.address, place.port);
    case 'udp':
      return udpProbe(place.address, place.port);
    case 'http':
      return httpProbe({ ...place, complaint: (status) => complaintOf(kind, status) });
    case 'large':
      return httpProbe({
        ...place,
        path: '/payload',
        body: payload,
        complaint: (status, text) => complaintOf(kind, status) ?? complaintOfLength(kind, text, payload.length),
      });
  }
}

/** An agent says how many bytes have come. */
function complaintOfLength(kind: CheckTarget['kind'], text: string, sent: number): string | undefined {
  if (kind !== 'agent' || text.trim() === String(sent)) return undefined;
  return `of ${sent} bytes the answer is "${text.trim().slice(0, 20)}"`;
}
