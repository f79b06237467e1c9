// SPDX-License-Identifier: Apache-2.0
import type { Place } from '../manifests/place.js';
import { figures, type Condition, type Figure } from './conditions.js';
import type { ProbeKind, SuiteProbe } from './suite-probe.js';

const startOf: Readonly<Record<ProbeKind, readonly string[]>> = {
  ping: ['rttMs.', 'lossPercent'],
  connect: ['rttMs.'],
  dns: ['rttMs.', 'dns.'],
  http: ['rttMs.', 'http.'],
  mtu: ['mtu.'],
  trace: [],
};

/** Fewer samples say nothing of so rare a value, and a report has none then. */
const neededSamples: Partial<Record<Figure, number>> = { 'rttMs.p95': 20, 'rttMs.p99': 100 };

/** How many samples a probe takes, and the parameter that says so. */
function samplesOf(probe: SuiteProbe): { count: number; parameter: string } | undefined {
  if (probe.kind === 'ping') return { count: probe.count ?? 5, parameter: 'count' };
  if (probe.kind === 'connect') return { count: probe.attempts ?? 3, parameter: 'attempts' };
  if (probe.kind === 'dns') return { count: probe.attempts ?? 3, parameter: 'attempts' };
  return probe.kind === 'http' ? { count: probe.attempts ?? 1, parameter: 'attempts' } : undefined;
}

/** Notes the conditions that no result of this probe can meet, since it does not have the figure. */
export function refuseUnfitConditions(
  conditions: readonly { condition: Condition; place: Place }[],
  probe: SuiteProbe,
  areSamplesKnown: boolean,
): void {
  const isOf = (figure: string) => startOf[probe.kind].some((start) => figure.startsWith(start));
  const own = figures.filter(isOf);
  const samples = areSamplesKnown ? samplesOf(probe) : undefined;
  for (const { condition, place } of conditions) {
    const needed = neededSamples[condition.figure] ?? 0;
    if (!isOf(condition.figure)) {
      const hint = own.length === 0 ? `${probe.kind} has no figures` : `${probe.kind} has ${own.join(', ')}`;
      place.wrong(`${condition.figure} is no figure of ${probe.kind}`, hint);
    } else if (samples !== undefined && samples.count < needed) {
      const { count, parameter } = samples;
      place.wrong(
        `${condition.figure} needs ${needed} samples, and ${probe.kind} takes ${count}`,
        `write probe: {${probe.kind}: {${parameter}: ${needed}}}`,
      );
    }
  }
}
