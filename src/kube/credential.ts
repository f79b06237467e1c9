// SPDX-License-Identifier: Apache-2.0

/** What proves who we are: a certificate for the TLS handshake, a header, or both. */
export interface Credential {
  authorization?: string | undefined;
  certificate?: Buffer | string | undefined;
  key?: Buffer | string | undefined;
  /** Which of its source's credentials this is, where there are several one after another. */
  issue?: number | undefined;
}

/** Where credentials come from. */
export interface CredentialSource {
  current(): Promise<Credential>;
  /** After a 401: forgets the refused credential, unless it has another one already. False if asking again cannot give anything else. */
  renew(refused: Credential): boolean;
}
