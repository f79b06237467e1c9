// SPDX-License-Identifier: Apache-2.0
import type { Family } from './family.js';
import type { Observation } from './observation.js';
import {
  agentProbes,
  bit,
  bits,
  families,
  pathOf,
  paths,
  type AgentProbe,
  type PairProbes,
  type Path,
} from './pair-probes.js';
import { symptomKey, type PairSymptom, type Protocol, type Shape } from './symptoms.js';

/** HTTP and large requests need TCP; echoes with DF need echoes. */
const takenWith: Readonly<Record<Protocol, readonly AgentProbe[]>> = {
  icmp: ['icmp', 'mtu'],
  tcp: ['tcp', 'http', 'large'],
  udp: ['udp'],
  http: ['http', 'large'],
};

/** What is wrong with a pair: each of its failures is in exactly one symptom. */
export function symptomsOf(pair: PairProbes): PairSymptom[] {
  const byKey = new Map<string, PairSymptom>();
  for (const family of families) {
    if (pair.bad[family] === 0) continue;
    for (const found of decompose(pair, family)) {
      const key = symptomKey(found.symptom);
      const before = byKey.get(key);
      if (before === undefined) byKey.set(key, found);
      else byKey.set(key, merged(before, found));
    }
  }
  const other = { IPv4: 'IPv6', IPv6: 'IPv4' } as const;
  return [...byKey.values()].map((found) => {
    const concerned = families.filter((family) => found.failed.some((one) => (one.family ?? 'IPv4') === family));
    const [only] = concerned;
    if (concerned.length !== 1 || only === undefined) return found;
    // Of a family that nobody has there is nothing to be told apart from.
    const isOtherSeen = pair.good[other[only]] !== 0 || pair.bad[other[only]] !== 0;
    return isOtherSeen ? { ...found, symptom: { ...found.symptom, family: only } } : found;
  });
}

function merged(left: PairSymptom, right: PairSymptom): PairSymptom {
  const together = new Set([...left.symptom.paths, ...right.symptom.paths]);
  return {
    ...left,
    symptom: { ...left.symptom, paths: paths.filter((path) => together.has(path)) },
    failed: [...left.failed, ...right.failed],
  };
}

function decompose(pair: PairProbes, family: Family): PairSymptom[] {
  const good = pair.good[family];
  const bad = pair.bad[family];
  const failed = pair.failed.filter((observation) => (observation.family ?? 'IPv4') === family);
  const seen = paths.filter((path) => ((good | bad) & bits([path])) !== 0);
  const dead = seen.filter((path) => (good & bits([path])) === 0);
  const found: PairSymptom[] = [];
  const take = (shape: Shape, ofPaths: readonly Path[], mask: number, protocols: readonly Protocol[] = []): void => {
    const taken = failed.filter((one) => (mask & maskOf(one)) !== 0);
    if (taken.length === 0) return;
    found.push({ symptom: { shape, paths: ofPaths, protocols, family: undefined }, pair, failed: taken });
  };
  if (dead.length > 0) take(deadShape(seen, dead), dead, bits(dead));
  const lame = seen.filter((path) => !dead.includes(path) && (bad & bits([path])) !== 0);
  const byProtocols = new Map<string, { protocols: Protocol[]; paths: Path[]; mask: number }>();
  let largeMask = 0;
  for (const path of lame) {
    const protocols = failedProtocols(path, bad, failed);
    const mask = bits(
      [path],
      agentProbes.filter((probe) => protocols.some((protocol) => takenWith[protocol].includes(probe))),
    );
    largeMask |= bits([path], ['large', 'mtu']) & ~mask;
    if (protocols.length === 0) continue;
    const same = byProtocols.get(protocols.join()) ?? { protocols, paths: [], mask: 0 };
    byProtocols.set(protocols.join(), { protocols, paths: [...same.paths, path], mask: same.mask | mask });
  }
  const largePaths = lame.filter((path) => (bad & largeMask & bits([path])) !== 0);
  if (largePaths.length > 0) take('large', largePaths, largeMask);
  for (const same of byProtocols.values()) take('protocols', same.paths, same.mask, same.protocols);
  return found;
}

function maskOf(observation: Observation): number {
  const { probe } = observation;
  return bit(pathOf(observation), probe === 'dns' ? 'http' : probe);
}

function deadShape(seen: readonly Path[], dead: readonly Path[]): Shape {
  if (dead.length === seen.length) return 'all';
  if (dead.includes('pod-pod') && !dead.includes('host-host')) return 'podNetwork';
  if (dead.includes('host-host') && !dead.includes('pod-pod')) return 'hostNetwork';
  return 'paths';
}

/** What fails of a path of which something works, but for what is only too large. */
function failedProtocols(path: Path, bad: number, failed: readonly Observation[]): Protocol[] {
  const fails = (probe: AgentProbe) => (bad & bit(path, probe)) !== 0;
  // An answer that refuses is no packet that was lost.
  const isAnswered = failed.some(
    (one) =>
      one.probe === 'large' &&
      pathOf(one) === path &&
      (one.failure === 'status' || one.failure === 'certificate' || one.failure === 'refused'),
  );
  const protocols: Protocol[] = [];
  if (fails('icmp')) protocols.push('icmp');
  if (fails('tcp')) protocols.push('tcp');
  else if (fails('http') || isAnswered) protocols.push('http');
  if (fails('udp')) protocols.push('udp');
  return protocols;
}
