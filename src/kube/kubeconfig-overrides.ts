// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ClusterOptions } from './cluster.js';
import type { KubeconfigCluster, KubeconfigUser } from './kubeconfig.js';

/** A cluster entry with what the flags say instead. Throws Failure `usage`. */
export function clusterWithFlags(cluster: KubeconfigCluster, options: ClusterOptions): KubeconfigCluster {
  const entry = { ...cluster };
  if (options.server) entry.server = options.server;
  if (options.tlsServerName) entry['tls-server-name'] = options.tlsServerName;
  if (options.certificateAuthority) {
    entry['certificate-authority'] = options.certificateAuthority;
    delete entry['certificate-authority-data'];
    delete entry['insecure-skip-tls-verify'];
  }
  if (options.insecureSkipTlsVerify === true) {
    if (options.certificateAuthority) {
      throw new Failure('usage', 'specifying a root certificates file with the insecure flag is not allowed');
    }
    entry['insecure-skip-tls-verify'] = true;
    delete entry['certificate-authority'];
    delete entry['certificate-authority-data'];
  }
  return entry;
}

/** A user entry with what the flags say instead. */
export function userWithFlags(user: KubeconfigUser, options: ClusterOptions): KubeconfigUser {
  const entry = { ...user };
  if (options.token) {
    entry.token = options.token;
    delete entry.tokenFile;
  }
  if (options.username) entry.username = options.username;
  if (options.password) entry.password = options.password;
  if (options.token || options.username) {
    // What was asked for on the command line is not overruled by a plugin (client-go, client_config.go, mergeo).
    delete entry.exec;
    delete entry['auth-provider'];
  }
  if (options.clientCertificate) {
    entry['client-certificate'] = options.clientCertificate;
    delete entry['client-certificate-data'];
  }
  if (options.clientKey) {
    entry['client-key'] = options.clientKey;
    delete entry['client-key-data'];
  }
  if (options.as) entry.as = options.as;
  if (options.asUid) entry['as-uid'] = options.asUid;
  if (options.asGroups !== undefined && options.asGroups.length > 0) entry['as-groups'] = options.asGroups;
  if (options.asUserExtra !== undefined) entry['as-user-extra'] = options.asUserExtra;
  return entry;
}
