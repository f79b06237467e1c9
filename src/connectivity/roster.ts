// SPDX-License-Identifier: Apache-2.0
import type { AgentIdentity } from '../model/check.js';

/** A Service as agents reach it. */
export interface RosterService {
  /** The name that is resolved: `NAME.NAMESPACE.svc` */
  host: string;
  /** Virtual addresses of both families; empty where it has none. */
  virtual: string[];
  port: number;
  /** Ready endpoints. */
  endpoints: { address: string; port: number; node?: string | undefined; pod?: string | undefined }[];
  tls?: boolean | undefined;
}

/** What there is to reach. */
export interface Roster {
  /** Agents that are there now, those on nodes that are not Ready included; `port` is the one on which they listen. */
  agents: AgentIdentity[];
  agentPort: number;
  /** The check's server, or in a one-shot check the Service of the pod-network agents. */
  server?: RosterService | undefined;
  /** The Service `kubernetes` of namespace `default`. */
  api?: RosterService | undefined;
  /** The cluster's DNS Service, of which each endpoint is a target. */
  dns?: RosterService | undefined;
  /** What DNS servers are asked for: `kubernetes.default.svc.cluster.local.` */
  clusterName: string;
}
