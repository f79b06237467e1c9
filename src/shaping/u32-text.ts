// SPDX-License-Identifier: Apache-2.0
import { mergedKeys, type U32Key } from './u32.js';

/** A u32 filter as tc(8) shows it. Its JSON repeats a key, so that only the text tells everything. */
export interface ShownFilter {
  /** `ip`, `ipv6`, or whatever else somebody made. */
  protocol: string;
  preference: number;
  /** `6e6d:1`; undefined where packets are redirected instead. */
  flow?: string;
  redirectTo?: string;
  keys: readonly U32Key[];
}

const header = /^filter (?:parent \S+ )?protocol (\S+) pref (\d+) u32 (.*)$/;
const key = /^match ([0-9a-f]{8})\/([0-9a-f]{8}) at (\d+)/;
const redirect = /mirred \(Egress Redirect to device ([^)]+)\)/;

/** The u32 filters in `tc filter show`, with or without `-s`; other kinds, and the tables that hold the filters, are left out. */
export function parseShownFilters(text: string): ShownFilter[] {
  const filters: (ShownFilter & { keys: U32Key[] })[] = [];
  // Lines below a header that is not a filter of u32 belong to nobody.
  let current: (ShownFilter & { keys: U32Key[] }) | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line.startsWith('filter ')) {
      current = startOf(line);
      if (current !== undefined) filters.push(current);
      continue;
    }
    if (current === undefined) continue;
    const [, value, mask, at] = key.exec(line) ?? [];
    if (value !== undefined && mask !== undefined) {
      current.keys.push({ value: Number.parseInt(value, 16), mask: Number.parseInt(mask, 16), at: Number(at) });
    }
    const [, device] = redirect.exec(line) ?? [];
    if (device !== undefined) current.redirectTo = device;
  }
  return filters.map((filter) => ({ ...filter, keys: mergedKeys(filter.keys) }));
}

function startOf(line: string): (ShownFilter & { keys: U32Key[] }) | undefined {
  const [, protocol, preference, rest] = header.exec(line) ?? [];
  if (protocol === undefined || rest === undefined || !/ key ht /.test(rest)) return undefined;
  const [, flow] = /flowid (\S*:\S*)/.exec(rest) ?? [];
  return { protocol, preference: Number(preference), ...(flow === undefined ? {} : { flow }), keys: [] };
}
