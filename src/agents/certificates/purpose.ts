// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../kube/cluster.js';
import type { CertificateTitles } from './issue.js';

/** Whose certificate is kept, and where those learn of its authority who have to believe it. */
export interface CertificatePurpose {
  /** In lines of the log: `webhook`. */
  title: string;
  /** The Secret, and the field manager of who keeps it. */
  secret: string;
  fieldManager: string;
  /** DNS names and IP addresses by which the server is reached. */
  names: readonly string[];
  titles: CertificateTitles;
  /** Writes the authorities (PEM) to where they are read; returns whether anything had to be written. Throws as Cluster does. */
  publish: (cluster: Cluster, authorities: readonly string[], signal: AbortSignal) => Promise<boolean>;
  /** In lines of the log, what `publish` writes: `caBundle of ...`. */
  published: string;
  /** How long after `publish` the authorities are believed everywhere, in ms. */
  settleMs: number;
}

/** The names of a Service in the cluster's DNS. */
export function serviceNames(service: string, namespace: string): string[] {
  const name = `${service}.${namespace}.svc`;
  return [name, `${name}.cluster.local`];
}
