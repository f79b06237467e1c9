// SPDX-License-Identifier: Apache-2.0
import type { Mesh, MeshGrouping, MeshMember, MeshPair } from '../model/mesh.js';
import { probeProtocols, type ProbeProtocol, type RecentDestination, type RecentProbe } from '../model/prober.js';
import { pooledStatistics } from '../model/statistics.js';
import type { ProberPlace } from './prober-place.js';
import type { Reading } from './prober-reader.js';

export interface MatrixOptions {
  sinceMs: number;
  by: MeshGrouping;
  protocols: readonly ProbeProtocol[];
}

/** What a name of a node stands for that nobody tells. */
const unknownNode = '<unknown>';

type Place = Pick<ProberPlace, 'namespace' | 'pod' | 'node' | 'workload'>;

interface Building extends MeshMember {
  podNames: Set<string>;
  /** Some list has it, or it is a prober itself. */
  isListed: boolean;
}

/** One mesh for each name that the probers have, in order; see Mesh. */
export function meshesOf(readings: readonly Reading[], options: MatrixOptions): Mesh[] {
  const names = [...new Set(readings.map(({ prober }) => prober.mesh))].sort();
  return names.map((name) => {
    const ofMesh = readings.filter(({ prober }) => prober.mesh === name);
    const periods = ofMesh.flatMap(({ recent }) => recent?.periodMs ?? []);
    return {
      name,
      ...(periods.length === 0 ? {} : { periodMs: Math.max(...periods) }),
      ...matrixOf(ofMesh, options),
    };
  });
}

function matrixOf(
  readings: readonly Reading[],
  { sinceMs, by, protocols }: MatrixOptions,
): Pick<Mesh, 'members' | 'pairs'> {
  const places = new Map<string, Place>(readings.map(({ prober }) => [podName(prober), prober]));
  const members = new Map<string, Building>();
  const series = new Map<
    string,
    { source: string; destination: string; protocol: ProbeProtocol; probes: RecentProbe[][] }
  >();
  for (const { prober, recent, failure } of readings) {
    const source = memberOf(members, prober, by);
    source.isListed = true;
    if (recent === undefined) {
      source.unread += 1;
      if (failure !== undefined) source.message ??= failure.message;
      continue;
    }
    source.read += 1;
    for (const destination of recent.destinations) {
      for (const protocol of protocols) {
        const all = destination.probes[protocol];
        const probes = (all ?? []).filter(({ agoMs }) => agoMs <= sinceMs);
        // What is listed and was not probed yet is a pair of which nothing is known; what left is not one any more. Where
        // the runtime allows no ICMP, there is no such pair.
        const isAwaited = destination.left !== true && (all !== undefined || protocol !== 'icmp');
        if (probes.length === 0 && !isAwaited) continue;
        const target = memberOf(members, placeOf(destination, places), by);
        target.isListed ||= destination.left !== true;
        const ends = { source: source.name, destination: target.name, protocol };
        const key = JSON.stringify(ends);
        const known = series.get(key) ?? { ...ends, probes: [] };
        known.probes.push(probes);
        series.set(key, known);
      }
    }
  }
  const rank = ({ source, destination, protocol }: Pick<MeshPair, 'source' | 'destination' | 'protocol'>) =>
    JSON.stringify([source, destination, probeProtocols.indexOf(protocol)]);
  return {
    members: [...members.values()].map(finished).sort((left, right) => (left.name < right.name ? -1 : 1)),
    pairs: [...series.values()]
      .map(({ probes, ...ends }) => ({ ...ends, ...figuresOf(probes) }))
      .sort((left, right) => (rank(left) < rank(right) ? -1 : 1)),
  };
}

function podName({ namespace, pod }: { namespace: string; pod: string }): string {
  return `${namespace}/${pod}`;
}

/** A destination that is no prober that was found may be in another namespace, or gone: of it only its name is known. */
function placeOf(destination: RecentDestination, places: ReadonlyMap<string, Place>): Place {
  const { namespace, pod, node } = destination;
  return places.get(podName(destination)) ?? { namespace, pod, node, workload: `pod/${pod}` };
}

function memberOf(members: Map<string, Building>, place: Place, by: MeshGrouping): Building {
  const { namespace, node } = place;
  const name = { pod: podName(place), workload: `${namespace}/${place.workload}`, node: node || unknownNode }[by];
  const member = members.get(name) ?? {
    name,
    ...(by === 'node' ? {} : { namespace }),
    pods: 0,
    read: 0,
    unread: 0,
    ...(by === 'pod' && node !== '' ? { node } : {}),
    podNames: new Set(),
    isListed: false,
  };
  member.podNames.add(podName(place));
  members.set(name, member);
  return member;
}

function finished({ podNames, isListed, ...member }: Building): MeshMember {
  return { ...member, pods: podNames.size, ...(isListed ? {} : { left: true as const }) };
}

function figuresOf(series: readonly RecentProbe[][]): Omit<MeshPair, 'source' | 'destination' | 'protocol'> {
  const failures: Record<string, number> = Object.create(null) as Record<string, number>;
  let sent = 0;
  let failed = 0;
  for (const { failure } of series.flat()) {
    sent += 1;
    if (failure === undefined) continue;
    failed += 1;
    failures[failure] = (failures[failure] ?? 0) + 1;
  }
  const rttMs = pooledStatistics(
    series.map((probes) => probes.flatMap(({ ms, failure }) => (failure === undefined ? (ms ?? []) : []))),
  );
  return {
    sent,
    failed,
    ...(sent === 0 ? {} : { lossPercent: Math.round((failed / sent) * 100_000) / 1000 }),
    failures: { ...failures },
    ...(rttMs === undefined ? {} : { rttMs }),
  };
}
