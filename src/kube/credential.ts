// SPDX-License-Identifier: Apache-2.0

/** What proves who we are: a certificate for the TLS handshake, a header, or both. */
export interface Credential {
  authorization?: string | undefined;
  certificate?: Buffer | string | undefined;
  key?: Buffer | string | undefined;
}

/** Where credentials come from. */
export interface CredentialSource {
  current(): Promise<Credential>;
  /** After a 401: forgets what was cached. False if asking again cannot give anything else. */
  renew(): boolean;
}
