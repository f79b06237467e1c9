// SPDX-License-Identifier: Apache-2.0

export type Family = 'IPv4' | 'IPv6';

/** The family of an address in text. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}
