// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Container, Pod } from '../../../src/kube/objects.js';
import { findToolContainer, nextGeneration } from '../../../src/kube/tool-container.js';
import {
  environmentValue,
  generationOf,
  servesRequest,
  shapeVariable,
  toolContainerSpec,
  toolUser,
} from '../../../src/kube/tool-container-spec.js';
import { idleCommand } from '../../../src/kube/tool-container-script.js';
import type { ShapeRecord } from '../../../src/model/shaping.js';
import { refusal } from '../targets/refusal.js';

const image = 'docker.io/tools:1';

test('a plain one has the four fields of PodSecurity restricted and nothing that ephemeral containers may not have', () => {
  expect(toolContainerSpec({ image }, 3, 'd3b0')).toEqual({
    name: 'netmachinery-3',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: idleCommand(28_800),
    env: [{ name: 'NETMACHINERY_IMAGE', value: image }],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: toolUser('d3b0'),
      runAsGroup: 65_534,
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
      capabilities: { drop: ['ALL'] },
    },
  });
});

test.each([
  [['NET_RAW'], 'netmachinery-raw-1'],
  [['SETGID', 'NET_RAW'], 'netmachinery-raw-1'],
  [['NET_ADMIN'], 'netmachinery-admin-1'],
])('%j has root, these capabilities and no others, and a short life', (capabilities, name) => {
  const spec = toolContainerSpec({ image, capabilities }, 1);
  expect(spec).toMatchObject({ name, command: idleCommand(600, capabilities.includes('NET_ADMIN')) });
  expect(spec.securityContext).toMatchObject({ runAsUser: 0, runAsNonRoot: false, allowPrivilegeEscalation: false });
  expect(spec.securityContext?.capabilities).toEqual({ drop: ['ALL'], add: [...capabilities].sort() });
});

test('its user goes by the pod, is never root and exists in a user namespace, and does not matter for its reuse', () => {
  const uids = Array.from({ length: 200 }, (_, index) => `0000${index}-7c1e`);
  const found = uids.map((uid) => toolUser(uid));
  expect(Math.min(...found)).toBeGreaterThanOrEqual(52_000);
  expect(Math.max(...found)).toBeLessThan(60_000);
  expect(new Set(found).size).toBeGreaterThan(180);
  expect(servesRequest(toolContainerSpec({ image }, 1, uids[0]), { image })).toBe(true);
});

test('names and generations', () => {
  expect(generationOf('netmachinery-12', 'plain')).toBe(12);
  expect(generationOf('netmachinery-raw-2', 'raw')).toBe(2);
  for (const name of ['netmachinery-raw-2', 'netmachinery-', 'netmachinery-01', 'netmachinery-1x', 'other-1']) {
    expect(generationOf(name, 'plain'), name).toBeUndefined();
  }
});

test('who asked and why stand in its environment, and do not matter for its reuse', () => {
  const container = toolContainerSpec({ image, caller: 'jane', reason: 'INC-4711' }, 1);
  expect(container.env).toEqual([
    { name: 'NETMACHINERY_IMAGE', value: image },
    { name: 'NETMACHINERY_CALLER', value: 'jane' },
    { name: 'NETMACHINERY_REASON', value: 'INC-4711' },
  ]);
  expect(servesRequest(container, { image, caller: 'john' })).toBe(true);
});

describe('serves a request', () => {
  const own = toolContainerSpec({ image }, 1);
  test('what is as asked, whatever its idle time unless that is asked for', () => {
    expect(servesRequest(own, { image })).toBe(true);
    expect(servesRequest(toolContainerSpec({ image, idleSeconds: 5 }, 1), { image })).toBe(true);
    expect(servesRequest(own, { image, idleSeconds: 28_800 })).toBe(true);
    expect(servesRequest({ ...own, image: 'mirror.example/tools:1' }, { image })).toBe(true);
  });

  test.each<[string, Container]>([
    ['another image', toolContainerSpec({ image: 'docker.io/tools:2' }, 1)],
    ['another name', { ...own, name: 'debugger-1' }],
    ['another command', { ...own, command: ['sleep', '1d'] }],
    ['more rights', { ...own, securityContext: { ...own.securityContext, privileged: true } }],
    [
      'a capability',
      { ...own, securityContext: { ...own.securityContext, capabilities: { drop: ['ALL'], add: ['NET_RAW'] } } },
    ],
    ['root', { ...own, securityContext: { ...own.securityContext, runAsUser: 0 } }],
    ['no securityContext', { name: own.name, image, command: own.command ?? [] }],
  ])('not %s', (_, container) => {
    expect(servesRequest(container, { image })).toBe(false);
  });

  test('not another idle time than asked for', () => {
    expect(servesRequest(own, { image, idleSeconds: 5 })).toBe(false);
  });
});

function pod(ephemeralContainers: Container[], states: Record<string, object> = {}): Pod {
  const ephemeralContainerStatuses = Object.entries(states).map(([name, state]) => ({ name, state }));
  return {
    metadata: { name: 'web-0', namespace: 'shop', uid: 'u' },
    spec: { nodeName: 'n', containers: [{ name: 'web' }], ephemeralContainers },
    status: { phase: 'Running', ephemeralContainerStatuses },
  };
}

describe('the tool container of a pod', () => {
  const one = toolContainerSpec({ image }, 1);
  const two = toolContainerSpec({ image }, 2);
  const terminated = { terminated: { exitCode: 0 } };
  const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };

  test('is the one that runs, else one that is not known to have ended', () => {
    expect(findToolContainer(pod([one, two], { 'netmachinery-2': running }), { image })).toMatchObject({
      name: 'netmachinery-2',
      running: true,
      added: false,
    });
    expect(findToolContainer(pod([one, two], { 'netmachinery-1': terminated }), { image })?.name).toBe(
      'netmachinery-2',
    );
    expect(findToolContainer(pod([one], { 'netmachinery-1': terminated }), { image })).toBeUndefined();
    expect(findToolContainer(pod([]), { image })).toBeUndefined();
  });

  test('is followed by a name that nobody has', () => {
    expect(nextGeneration(pod([]), { image })).toBe(1);
    expect(nextGeneration(pod([one, { name: 'netmachinery-7' }]), { image })).toBe(8);
    expect(nextGeneration(pod([one]), { image, capabilities: ['NET_RAW'] })).toBe(1);
    const many = Array.from({ length: 10 }, (_, index) => ({ name: `netmachinery-${index + 1}` }));
    expect(refusal(() => nextGeneration(pod(many), { image }), 'tool').hint).toContain('replace the pod');
  });
});

test('one that was added for a shape says so, and a fresh one is no other', () => {
  const shape: ShapeRecord = {
    token: 'abc',
    interface: 'eth0',
    direction: 'egress',
    effects: {},
    scope: { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] },
    container: '',
    startedAt: '',
    endsAt: '',
    podIPs: [],
  };
  const request = { image, capabilities: ['NET_ADMIN'], shape };
  const container = toolContainerSpec(request, 3);
  const written = JSON.parse(environmentValue(container, shapeVariable) ?? '') as ShapeRecord;
  expect(written).toEqual({ ...shape, container: 'netmachinery-admin-3' });
  const another = { ...request, shape: { ...shape, token: 'def' } };
  expect(servesRequest(container, another)).toBe(true);
  expect(servesRequest(container, { ...request, fresh: true })).toBe(true);
  expect(servesRequest(container, { ...another, fresh: true })).toBe(false);
  expect(servesRequest(container, { ...request, shape: undefined, fresh: true })).toBe(false);
});
