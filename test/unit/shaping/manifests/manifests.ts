// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { expect } from 'vitest';
import { Failure } from '../../../../src/errors/failure.js';
import { readShapeManifests, type ShapeManifests } from '../../../../src/shaping/manifests/read-manifests.js';

export const examples = ['network-traffic-shaper.yaml', 'network-chaos.yaml', 'network-chaos.json'] as const;

export function exampleText(name: string): string {
  return readFileSync(new URL(`../../../manifests-of-others/${name}`, import.meta.url), 'utf8');
}

/** What a file of this text asks for. */
export function read(text: string): ShapeManifests {
  return readShapeManifests([{ name: 'f.yaml', text }]);
}

/** A text without the lines and columns, which depend on how a test writes its file. */
export function withoutPosition(text: string): string {
  return text.replace(/^([\w.]+):\d+:\d+/, '$1');
}

/** Every line of what is wrong, hints included, without the positions. */
export function wrongs(act: () => unknown): string[] {
  return wrongLines(act).map(withoutPosition);
}

function wrongLines(act: () => unknown): string[] {
  try {
    act();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    const { code, message, hint, remedy } = thrown as Failure;
    expect(code).toBe('usage');
    return remedy?.split('\n') ?? [hint === undefined ? message : `${message} (${hint})`];
  }
  return [];
}

/** A NetworkTrafficShaper with these targets. */
export function shaper(...targets: unknown[]): string {
  return dump({ apiVersion: 'networkmachinery.io/v1alpha1', kind: 'NetworkTrafficShaper', spec: { targets } });
}

/** A target of a NetworkTrafficShaper: one pod, and what is done to it. */
export function podTarget(type: string, value: string): object {
  return { kind: 'pod', namespace: 'bank', name: 'ledger-0', configuration: { type, value, device: 'eth0' } };
}

/** A NetworkChaos with this specification, for all pods of its namespace. */
export function chaos(spec: object, metadata: object = { namespace: 'shop' }): string {
  const manifest = { apiVersion: 'chaos-mesh.org/v1alpha1', kind: 'NetworkChaos', metadata };
  return dump({ ...manifest, spec: { mode: 'all', selector: {}, ...spec } }, { skipInvalid: true });
}
