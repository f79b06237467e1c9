// SPDX-License-Identifier: Apache-2.0
import type { Direction } from '../../model/shaping.js';
import { durationUs } from '../../manifests/duration.js';
import { quote } from '../../targets/quote.js';
import { readChaosEffects } from './chaos-effects.js';
import { readExternalTargets } from './chaos-peers.js';
import { readChaosMode, readChaosSelector } from './chaos-selector.js';
import type { Fields } from '../../manifests/fields.js';
import { interfaceName } from './interface-name.js';
import type { PodMode, PodSelection, ShapeTarget } from './shape-target.js';

/** Chaos Mesh's directions are those of the selected pods: `from` is what comes from the target. */
const directions: Readonly<Record<string, Direction>> = { '': 'egress', to: 'egress', from: 'ingress', both: 'both' };

/**
 * The one target of `spec` of a NetworkChaos (chaos-mesh.org/v1alpha1, api/v1alpha1/networkchaos_types.go). Everything is
 * done at the selected pods: what Chaos Mesh does at the target's end of a direction is our ingress.
 */
export function readNetworkChaos(spec: Fields, namespace: string | undefined, warnings: string[]): ShapeTarget[] {
  const effects = readChaosEffects(spec, warnings);
  const source = readPods(spec, namespace);
  const direction = readDirection(spec);
  const device = interfaceName(spec, 'device');
  const durationMs = readDuration(spec);
  const target = spec.child('target');
  const peerPods = target && readPods(target, namespace);
  target?.end();
  const scope = readExternalTargets(spec, direction ?? 'egress', target !== undefined);
  if (direction !== undefined && direction !== 'egress' && target === undefined && scope.peers.length === 0) {
    spec.at('direction').wrong('from and both need target or externalTargets', 'Chaos Mesh refuses this too');
  }
  spec.refuse('targetDevice', 'packets are shaped at the selected pods, not at the target', 'leave it out');
  spec.refuse('remoteCluster', 'another cluster is not taken', 'choose it by --context');
  if (spec.has('scheduler')) spec.at('scheduler').wrong('a schedule is not taken', 'leave it out: it runs once');
  spec.end();
  if (effects === undefined || source === undefined || direction === undefined) return [];
  return [
    {
      where: spec.place.toString(),
      ...source,
      rule: {
        effects,
        direction,
        scope,
        ...(peerPods && { peerPods: { selection: peerPods.source, mode: peerPods.mode } }),
      },
      ...(device === undefined ? {} : { interface: device }),
      ...(durationMs === undefined ? {} : { durationMs }),
    },
  ];
}

function readPods(fields: Fields, namespace: string | undefined): { source: PodSelection; mode: PodMode } | undefined {
  const selector = fields.child('selector');
  if (!fields.has('selector')) fields.at('selector').wrong('is needed');
  const mode = readChaosMode(fields);
  const source = selector && readChaosSelector(selector, namespace);
  return source === undefined || mode === undefined ? undefined : { source, mode };
}

function readDirection(spec: Fields): Direction | undefined {
  const text = spec.text('direction') ?? '';
  if (Object.hasOwn(directions, text)) return directions[text];
  spec.at('direction').wrong(`unknown direction ${quote(text)}`, 'there are to, from and both');
  return undefined;
}

function readDuration(spec: Fields): number | undefined {
  const text = spec.text('duration');
  if (text === undefined || text === '') return undefined;
  const us = spec.at('duration').attempt(() => durationUs(text));
  if (us !== undefined && us < 1_000_000) spec.at('duration').wrong('at least 1s is needed');
  return us === undefined ? undefined : Math.round(us / 1000);
}
