// SPDX-License-Identifier: Apache-2.0
import type { DestinationKind } from '../model/report.js';
import type { IpFamily } from './names.js';
import type { PodTraits } from './pod-facts.js';
import { hasPorts, type PortRef, type Protocol, type TargetVerb } from './refs.js';

/** What a destination is in the path of a packet. */
type DestinationRole = 'virtual' | 'endpoint' | 'pod' | 'node' | 'literal' | 'host';

/** One thing to send to: one address (or host name) of one family, and one port where the probe has ports. */
export interface Destination {
  /** What the user wrote. */
  ref: string;
  kind: DestinationKind;
  role: DestinationRole;
  namespace?: string;
  /** Of the pod, Service or node; the host name of a host; absent for an endpoint without a pod. */
  name?: string;
  /** Absent for a host, and where there is nothing to send to. */
  address?: string;
  /** Resolved inside the source pod. */
  host?: string;
  /** For a host: the family that it is to be resolved in, one destination each. */
  family: IpFamily;
  port?: number;
  portName?: string;
  protocol?: Protocol;
  /** The node that it runs on, where that is known. */
  node?: string;
  /** The pod behind it, where there is one. */
  pod?: { namespace: string; name: string };
  /** Of the pod behind it; of a virtual address: what its endpoints have. Absent where no pod was read or there is nothing to say. */
  traits?: PodTraits;
  /** There is nothing to send to. A Service without endpoints is of kind `service` and role `endpoint`. */
  emptyReason?: 'NoEndpoints' | 'NoAddress';
  /** Why, in one line for people. */
  emptyMessage?: string;
  /** What a DNS server is asked for; the destination is the server. */
  question?: { name: string; type: string };
  /** What an HTTP server is asked for; the destination is what is connected to. */
  url?: string;
  /** ICMP to a virtual address: an answer is reported, silence is a note and no test. */
  informational?: boolean;
}

/** What holds for all destinations of a command. */
export interface DestinationScope {
  verb: TargetVerb;
  /** Tried where the word names none; empty for `ping`. */
  protocols: readonly Protocol[];
  /** Wanted families; both where the user asked for none. */
  families: readonly IpFamily[];
}

/** What a word asks of every address behind it. */
export interface PortRequest {
  text: string;
  ports: readonly PortRef[];
  protocol?: Protocol;
}

/** The protocols of one word: its own, else those of the command. */
export function protocolsOf(request: PortRequest, scope: DestinationScope): readonly Protocol[] {
  if (request.protocol !== undefined) return [request.protocol];
  return scope.protocols.length === 0 ? ['tcp'] : scope.protocols;
}

/** The word as if it named only this one of its ports: `pod/x:81` of `pod/x:80,81`; a file has them beside its words. */
export function refOfPort({ text, ports }: Pick<PortRequest, 'text' | 'ports'>, port: PortRef): string {
  if (ports.length < 2) return text;
  const colon = text.lastIndexOf(':');
  return `${colon < 0 ? text : text.slice(0, colon)}:${port}`;
}

/** A port of a word as fields of destinations, with the part of the word that names it; one empty one for `ping`. */
export type PortFields = Partial<Pick<Destination, 'ref'>> & Pick<Destination, 'port' | 'portName' | 'protocol'>;

/** The numeric ports of a word times its protocols; `ping` has none, which is one empty choice. */
export function numericPortFields(request: PortRequest, scope: DestinationScope): PortFields[] {
  if (!hasPorts(scope.verb)) return [{}];
  const numbers = request.ports.filter((port) => typeof port === 'number');
  return numbers.flatMap((port) =>
    protocolsOf(request, scope).map((protocol) => ({ ref: refOfPort(request, port), port, protocol })),
  );
}
