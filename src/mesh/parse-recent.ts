// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { probeProtocols, type RecentDestination, type RecentProbe, type RecentProbes } from '../model/prober.js';

/** No mesh has so many; a matrix of them would take more memory and columns than there are. */
const mostDestinations = 10_000;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDuration = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < Infinity;
const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/**
 * The answer of `/recent`. Whoever runs the pod decides what listens on that port, so nothing of it is taken on trust:
 * what is no probe or destination is left out. Throws Failure(tool) for what is no such answer at all.
 */
export function parseRecent(text: string): RecentProbes {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (!isFields(answer) || answer['kind'] !== 'RecentProbes') {
    throw new Failure('tool', 'what listens on its metrics port does not answer as a prober does', {
      hint: 'an older agent image may be running there: inject it again',
    });
  }
  const { namespace, pod, node, mesh, periodMs, members, destinations } = answer;
  if (items(destinations).length > mostDestinations) {
    throw new Failure('tool', `it answers with more than ${mostDestinations} destinations`);
  }
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'RecentProbes',
    namespace: word(namespace),
    pod: word(pod),
    node: word(node),
    mesh: word(mesh),
    ...(isDuration(periodMs) ? { periodMs } : {}),
    members: isDuration(members) ? members : 0,
    destinations: items(destinations).flatMap(destination),
  };
}

function destination(value: unknown): RecentDestination[] {
  if (!isFields(value)) return [];
  const { namespace, pod, node, ip, left, probes } = value;
  if (word(namespace) === '' || word(pod) === '') return [];
  const known = isFields(probes) ? probes : {};
  return [
    {
      namespace: word(namespace),
      pod: word(pod),
      node: word(node),
      ip: word(ip),
      ...(left === true ? { left } : {}),
      probes: Object.fromEntries(
        probeProtocols.flatMap((protocol) =>
          Object.hasOwn(known, protocol) ? [[protocol, items(known[protocol]).flatMap(probe)]] : [],
        ),
      ),
    },
  ];
}

function probe(value: unknown): RecentProbe[] {
  if (!isFields(value)) return [];
  const { agoMs, ms, failure } = value;
  if (!isDuration(agoMs)) return [];
  if (typeof failure === 'string') return [{ agoMs, failure }];
  return isDuration(ms) ? [{ agoMs, ms }] : [];
}
