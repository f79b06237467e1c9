// SPDX-License-Identifier: Apache-2.0
import type { AgentReport, CheckService, TargetOutcome } from '../model/check.js';
import { rttStatistics } from '../model/statistics.js';
import type { JudgedAgent } from './observation.js';
import { serviceLabel } from './service-words.js';
import type { Steps } from './steps.js';
import { count, verdictOf, type Tally } from './tally.js';
import { distinct } from './words.js';

interface Building extends Tally {
  kind: CheckService['kind'];
  label: string;
  rank: string;
  failedFrom: string[];
  samples: number[];
}

const kinds: readonly CheckService['kind'][] = ['server', 'api', 'dns', 'external', 'url'];
const vias = ['name', 'virtual', 'endpoint'];

/** Everything that is checked beside agents, what all agents found of it together. */
export function* servicesOf(judged: readonly JudgedAgent[]): Steps<CheckService[]> {
  const services = new Map<string, Building>();
  for (const { known, report } of judged) {
    // What has gone since, such as a DNS pod of yesterday, is in old reports only.
    if (report !== undefined) addCounts(known.node, report, services);
    yield;
  }
  for (const { known } of judged) {
    for (const earlier of known.reports) addSamples(earlier, services);
    yield;
  }
  const measuredServices: CheckService[] = [];
  for (const service of [...services.values()].sort((left, right) => (left.rank < right.rank ? -1 : 1))) {
    measuredServices.push(measured(service));
    yield;
  }
  return measuredServices;
}

function keyOf({ kind, via, address = '', port = 0, host = '', url = '' }: TargetOutcome): string {
  return JSON.stringify([kind, via ?? '', address, port, host, url]);
}

function addCounts(source: string, { outcomes }: AgentReport, services: Map<string, Building>): void {
  for (const outcome of outcomes) {
    if (outcome.kind === 'agent') continue;
    const key = keyOf(outcome);
    const known = services.get(key) ?? building(outcome, outcome.kind, key);
    services.set(key, known);
    for (const value of Object.values(outcome.values)) if (count(known, value)) known.failedFrom.push(source);
  }
}

function building(outcome: TargetOutcome, kind: CheckService['kind'], key: string): Building {
  const rank = `${kinds.indexOf(kind)} ${vias.indexOf(outcome.via ?? '')} ${key}`;
  return { kind, label: serviceLabel(outcome), rank, sent: 0, failed: 0, unsupported: 0, failedFrom: [], samples: [] };
}

function addSamples({ outcomes }: AgentReport, services: ReadonlyMap<string, Building>): void {
  for (const outcome of outcomes) {
    if (outcome.kind === 'agent') continue;
    const times = Object.values(outcome.values).filter((value) => typeof value === 'number');
    services.get(keyOf(outcome))?.samples.push(...times);
  }
}

function measured(service: Building): CheckService {
  const { kind, label, sent, failed, failedFrom, samples } = service;
  const times = rttStatistics(samples);
  return {
    kind,
    label,
    verdict: verdictOf(service),
    sent,
    failed,
    failedFrom: distinct(failedFrom),
    ...(times === undefined ? {} : { p50Ms: times.p50, maxMs: times.max }),
  };
}
