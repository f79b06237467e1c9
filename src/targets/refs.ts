// SPDX-License-Identifier: Apache-2.0
import type { IpFamily } from './names.js';
import type { ResourceKind } from './resource-types.js';

/** What destinations are for: `connect` sends to ports, the others to addresses. */
export type TargetVerb = 'ping' | 'connect' | 'mtu' | 'trace';

/** Whether the destinations of a verb have ports. */
export function hasPorts(verb: TargetVerb): boolean {
  return verb === 'connect';
}
export type Protocol = 'tcp' | 'udp';

/** A port as the user names it: 1-65535, or the name of a Service's or container's port. */
export type PortRef = number | string;

/** Pods by label. `text` is what the user wrote. */
export interface SelectorSource {
  kind: 'selector';
  text: string;
  selector: string;
  /** More that the server selects by, as the API takes it. */
  fieldSelector?: string | undefined;
}

/** Pods by what stands before them. Without a namespace it is that of the command. */
export interface ObjectSource<Kind extends ResourceKind = ResourceKind> {
  kind: Kind;
  text: string;
  namespace?: string;
  name: string;
}

/** Where packets leave from. */
export type SourceSpec = ObjectSource<'service'> | ObjectSource<Exclude<ResourceKind, 'service'>> | SelectorSource;

/** What packets are sent to, before the cluster is asked. */
export type DestinationTarget =
  | { kind: ResourceKind; namespace?: string; name: string }
  /** A word with a dot: the pod of that name if there is one, else a host name. */
  | { kind: 'podOrHost'; name: string }
  | { kind: 'host'; host: string }
  | { kind: 'ip'; address: string; family: IpFamily };

/** One destination word. */
export interface DestinationRef {
  /** What the user wrote; `TYPE NAME` is joined to `TYPE/NAME`. */
  text: string;
  target: DestinationTarget;
  /** Empty: no port was given. */
  ports: PortRef[];
  /** Set by `tcp://` and `udp://`, else the default protocol of the command, if it gave one. */
  protocol?: Protocol;
}

/** Destination pods by label (`--to-selector app=db:5432`). */
export interface ToSelector {
  text: string;
  selector: string;
  ports: PortRef[];
  protocol?: Protocol;
}
