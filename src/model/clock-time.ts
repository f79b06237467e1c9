// SPDX-License-Identifier: Apache-2.0

/** An RFC 3339 time as a local time of day with its seconds, as people at a terminal read it. */
export function clockTime(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}
