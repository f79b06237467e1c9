// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../../src/errors/failure.js';
import type { Reading } from '../../../src/mesh/prober-reader.js';
import type { ProberPlace } from '../../../src/mesh/prober-place.js';
import type { ProbeProtocol, RecentDestination, RecentProbe } from '../../../src/model/prober.js';

export function prober(pod: string, more: Partial<ProberPlace> = {}): ProberPlace {
  return {
    namespace: 'shop',
    pod,
    node: 'node1',
    workload: `deploy/${pod.split('-')[0] ?? ''}`,
    mesh: 'netmachinery',
    container: 'net-prober',
    metricsPort: 19192,
    ...more,
  };
}

export function probed(
  pod: string,
  probes: Partial<Record<ProbeProtocol, RecentProbe[]>>,
  more: Partial<RecentDestination> = {},
): RecentDestination {
  return { namespace: 'shop', pod, node: 'node1', ip: '10.0.0.1', probes, ...more };
}

/** Probes one a second, the newest just now. */
export function every(...results: (number | string)[]): RecentProbe[] {
  return results.map((result, place) => ({
    agoMs: (results.length - 1 - place) * 1000,
    ...(typeof result === 'number' ? { ms: result } : { failure: result }),
  }));
}

export function reading(place: ProberPlace, ...destinations: RecentDestination[]): Reading {
  const { namespace, pod, node, mesh } = place;
  const recent = { namespace, pod, node, mesh, periodMs: 1000, members: destinations.length + 1, destinations };
  return { prober: place, recent: { apiVersion: 'netmachinery.io/v1', kind: 'RecentProbes', ...recent } };
}

export function unread(place: ProberPlace, message = 'container net-prober does not run'): Reading {
  return { prober: place, failure: new Failure('tool', message) };
}
