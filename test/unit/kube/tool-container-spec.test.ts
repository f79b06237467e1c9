// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { Container, Pod } from '../../../src/kube/objects.js';
import { findToolContainer, nextGeneration } from '../../../src/kube/tool-container.js';
import { generationOf, servesRequest, toolContainerSpec } from '../../../src/kube/tool-container-spec.js';
import { idleCommand } from '../../../src/kube/tool-container-script.js';
import { refusal } from '../targets/refusal.js';

const image = 'docker.io/tools:1';

test('a plain one has the four fields of PodSecurity restricted and nothing that ephemeral containers may not have', () => {
  expect(toolContainerSpec({ image }, 3)).toEqual({
    name: 'netmachinery-3',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: idleCommand(28_800),
    env: [{ name: 'NETMACHINERY_IMAGE', value: image }],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
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
  expect(spec).toMatchObject({ name, command: idleCommand(600) });
  expect(spec.securityContext).toMatchObject({ runAsUser: 0, runAsNonRoot: false, allowPrivilegeEscalation: false });
  expect(spec.securityContext?.capabilities).toEqual({ drop: ['ALL'], add: [...capabilities].sort() });
});

test('names and generations', () => {
  expect(generationOf('netmachinery-12', 'plain')).toBe(12);
  expect(generationOf('netmachinery-raw-2', 'raw')).toBe(2);
  for (const name of ['netmachinery-raw-2', 'netmachinery-', 'netmachinery-01', 'netmachinery-1x', 'other-1']) {
    expect(generationOf(name, 'plain'), name).toBeUndefined();
  }
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
