// SPDX-License-Identifier: Apache-2.0

function numbers(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match?.slice(1).map(Number);
}

/** Whether a release is a later one than another; what is no release is not. */
export function isNewer(version: string, than: string): boolean {
  const [one, other] = [numbers(version), numbers(than)];
  if (one === undefined || other === undefined) return false;
  const index = one.findIndex((number, at) => number !== other[at]);
  return index >= 0 && (one[index] ?? 0) > (other[index] ?? 0);
}
