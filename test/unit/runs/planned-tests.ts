// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../../../src/model/reason.js';
import type { Measurement } from '../../../src/runs/measurement.js';
import type { Test } from '../../../src/runs/plan.js';
import type { Measurer } from '../../../src/runs/run-request.js';
import type { Destination } from '../../../src/targets/destination.js';
import { sourcePod, type SourcePod } from '../../../src/targets/source-pod.js';
import { recordedPod } from '../targets/recorded.js';

/** A source made of a recorded dual-stack pod under another name, with its addresses of these families, the first one first. */
export function source(name: string, families: readonly (4 | 6)[] = [4, 6]): SourcePod {
  const pod = recordedPod('old');
  const ips = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  const podIPs = families.flatMap((family) => ips.filter((ip) => ip.includes(':') === (family === 6)));
  return sourcePod({
    ...pod,
    metadata: { ...pod.metadata, name },
    status: { ...pod.status, podIP: podIPs[0] ?? '', podIPs: podIPs.map((ip) => ({ ip })) },
  });
}

/** A pod at port 80 over IPv4, but for what is said otherwise. */
export function destination(name: string, other: Partial<Destination> = {}): Destination {
  const { family = 4 } = other;
  return {
    ref: `pod/${name}:80`,
    kind: 'pod',
    role: 'pod',
    namespace: 'shop',
    name,
    family,
    address: family === 4 ? '198.19.1.9' : '2001:2:1::9',
    port: 80,
    protocol: 'tcp',
    pod: { namespace: 'shop', name },
    ...other,
  };
}

/** A host name, which has no address before it is resolved. */
export function host(name: string, family: 4 | 6): Destination {
  return { ref: `${name}:80`, kind: 'host', role: 'host', name, host: name, family, port: 80, protocol: 'tcp' };
}

/** A measurer of TCP connects that measures in this way. */
export function measurerBy(measure: Measurer['measure']): Measurer {
  return {
    verb: 'connect',
    targetVerb: 'connect',
    protocols: ['tcp'],
    capabilities: [],
    probeOf: () => 'tcp',
    measure,
  };
}

/** Every source with every destination. */
export function allTests(sources: readonly SourcePod[], destinations: readonly Destination[]): Test[] {
  const pairs = sources.flatMap((from) => destinations.map((to) => ({ source: from, destination: to })));
  return pairs.map((pair, index) => ({ index, ...pair }));
}

export function measurement(reason: Reason): Measurement {
  return { reason, message: reason, attempts: 3, startedAt: new Date(0) };
}

/** The tests with a reason each, in their order. */
export function measured(tests: readonly Test[], ...reasons: Reason[]): Map<number, Measurement> {
  return new Map(tests.map(({ index }, place) => [index, measurement(reasons[place] ?? 'ToolFailed')]));
}
