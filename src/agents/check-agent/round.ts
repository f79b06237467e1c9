// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AgentIdentity,
  AgentOrders,
  AgentReport,
  CheckProbe,
  CheckTarget,
  TargetOutcome,
} from '../../model/check.js';
import { icmpWorks } from '../prober/icmp-probe.js';
import { facts } from './facts/facts.js';
import { probeTarget, type SingleProbe } from './probe-target.js';
import { fping } from './probes/fping.js';
import { mtuProbes } from './probes/mtu-probe.js';
import { Names } from './probes/names.js';
import { payloadOf } from './probes/payload.js';
import type { ProbeResult } from './probes/probe-result.js';
import { Slots } from './slots.js';

/** To start fping holds this process up, so that what it measures meanwhile is too long; where all answer, it soon ends. */
const echoHeadStartMs = 300;

export type Heard = NonNullable<AgentReport['heard']>;

export interface Round {
  orders: AgentOrders;
  own: AgentIdentity;
  /** Of the process that makes it; what is still being resolved in an earlier round is not asked for again. */
  names?: Names;
  /** Asked at the end. */
  heard: () => Promise<Heard | undefined>;
}

/** What is told before there is anything to reach, or after a round. */
export function reportOf(own: AgentIdentity, { settings }: Pick<AgentOrders, 'settings'>): AgentReport {
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckAgentReport',
    agent: own,
    intervalMs: settings.intervalMs,
    payloadEntries: settings.payloadEntries,
    startedAt: new Date().toISOString(),
    durationMs: 0,
    ...facts(),
    outcomes: [],
  };
}

/** Makes all probes of the orders, and tells what they found. Never rejects. */
export async function makeRound({ orders, own, names = new Names(), heard }: Round): Promise<AgentReport> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const { targets, settings } = orders;
  const slots = new Slots();
  const probing = { names, payload: payloadOf(settings.payloadEntries) };
  const echoes = echoProbes(targets);
  await Promise.race([echoes, sleep(echoHeadStartMs)]);
  const outcomes = await Promise.all(
    targets.map(async (target) => {
      const results = await Promise.all(
        target.probes.map(async (probe): Promise<[CheckProbe, ProbeResult]> => {
          if (probe === 'icmp' || probe === 'mtu') return [probe, (await echoes)(probe, target.address)];
          return [probe, await slots.run(() => probeTarget(target, probe satisfies SingleProbe, probing))];
        }),
      );
      return outcomeOf(target, results);
    }),
  );
  const heardOf = await heard();
  return {
    ...reportOf(own, orders),
    startedAt,
    durationMs: Math.round(performance.now() - startedMs),
    outcomes,
    ...(heardOf === undefined ? {} : { heard: heardOf }),
  };
}

/** What echo requests to all targets found, by one fping for each kind and size. */
async function echoProbes(
  targets: readonly CheckTarget[],
): Promise<(probe: 'icmp' | 'mtu', address: string | undefined) => ProbeResult> {
  const wanted = (probe: CheckProbe): string[] => {
    const addresses = targets.flatMap(({ probes, address }) => (probes.includes(probe) ? (address ?? []) : []));
    return [...new Set(addresses)];
  };
  const lists = { icmp: wanted('icmp'), mtu: wanted('mtu') };
  if ((lists.icmp.length > 0 || lists.mtu.length > 0) && !(await icmpWorks())) {
    return () => ({ value: 'unsupported', detail: 'ICMP is not permitted here' });
  }
  const [icmp, mtu] = await Promise.all([fping(lists.icmp), mtuProbes(lists.mtu)]);
  const found = { icmp, mtu };
  return (probe, address) => {
    if (address === undefined) return { value: 'other', detail: 'the target has no address' };
    return found[probe].get(address) ?? { value: 'other', detail: 'fping says nothing of it' };
  };
}

/** The target without its probes, and what they found. */
export function outcomeOf(
  target: CheckTarget,
  results: readonly (readonly [CheckProbe, ProbeResult])[],
): TargetOutcome {
  const place: Partial<CheckTarget> & Omit<CheckTarget, 'probes'> = { ...target };
  delete place.probes;
  const detail = results.find((result) => result[1].detail !== undefined)?.[1].detail;
  const mtuBytes = results.find(([probe]) => probe === 'mtu')?.[1].mtuBytes;
  return {
    ...place,
    values: Object.fromEntries(results.map(([probe, { value }]) => [probe, value])),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...(detail === undefined ? {} : { detail }),
  };
}
