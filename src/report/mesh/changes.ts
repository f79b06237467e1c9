// SPDX-License-Identifier: Apache-2.0
import type { MeshPair, MeshReport } from '../../model/mesh.js';
import type { ProbeProtocol } from '../../model/prober.js';
import { plainText } from '../plain-text.js';
import { pairText } from './pair-order.js';

type PairState = 'reached' | 'failing in part' | 'failing' | 'not probed';

function stateOf({ sent, failed }: MeshPair): PairState {
  if (sent === 0) return 'not probed';
  if (failed === 0) return 'reached';
  return failed === sent ? 'failing' : 'failing in part';
}

interface Known {
  members: Map<string, 'read' | 'not read' | 'destination' | 'left'>;
  pairs: Map<string, MeshPair>;
}

function known({ meshes }: MeshReport, protocol: ProbeProtocol): Known {
  const several = meshes.length > 1;
  const found: Known = { members: new Map(), pairs: new Map() };
  for (const { name, members, pairs } of meshes) {
    const prefix = several ? `${name}: ` : '';
    for (const { name: member, read, unread, left } of members) {
      const state = unread > 0 ? 'not read' : read > 0 ? 'read' : left === true ? 'left' : 'destination';
      found.members.set(`${prefix}${member}`, state);
    }
    for (const pair of pairs.filter((each) => each.protocol === protocol)) {
      found.pairs.set(`${prefix}${pair.source} -> ${pair.destination}`, pair);
    }
  }
  return found;
}

/** What changed from one look to the next, a line each: who came and went, and which pairs began or ceased to fail. */
export function meshChanges(
  before: MeshReport | undefined,
  now: MeshReport,
  { protocol }: { protocol: ProbeProtocol },
): string[] {
  const old: Known = before === undefined ? { members: new Map(), pairs: new Map() } : known(before, protocol);
  const current = known(now, protocol);
  const words = {
    read: 'is read',
    'not read': 'has a prober that cannot be read',
    destination: 'is probed',
    left: 'has left the peer lists',
  };
  const members = [...current.members].flatMap(([name, state]) =>
    old.members.get(name) === state ? [] : [`${name} ${words[state]}`],
  );
  const gone = [...old.members.keys()].filter((name) => !current.members.has(name)).map((name) => `${name} is gone`);
  const pairs = [...current.pairs].flatMap(([name, pair]) => {
    const state = stateOf(pair);
    const earlier = old.pairs.get(name);
    const was = earlier === undefined ? undefined : stateOf(earlier);
    // What is well from the beginning is no news; a pair of many is.
    if (was === state || ((was === undefined || was === 'not probed') && state === 'reached')) return [];
    if (was === undefined && state === 'not probed') return [];
    return [`${name} ${state}: ${pairText(pair, 'p50')}`];
  });
  return [...members, ...gone, ...pairs].map((line) => `${now.startedAt.slice(11, 19)} ${plainText(line)}`);
}
