// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { proberEnvironment } from '../../../src/agents/prober/environment.js';
import { livingProbers, proberContainer, proberToFeed } from '../../../src/injection/ephemeral/container.js';
import type { Container, Pod } from '../../../src/kube/objects.js';

const options = {
  agentImage: 'example.test/agent:1',
  mesh: 'mesh',
  pingPort: 7000,
  metricsPort: 7001,
  durationSeconds: 600,
};
const podWith = (ephemeralContainers: Container[], state: object = { running: {} }): Pod => ({
  metadata: { name: 'web-0', namespace: 'shop' },
  spec: { containers: [{ name: 'main' }], ephemeralContainers },
  status: { ephemeralContainerStatuses: ephemeralContainers.map(({ name }) => ({ name, state })) },
});
const first = proberContainer(podWith([]), options);

describe('proberContainer', () => {
  it('has no field that an ephemeral container may not have, and is restricted', () => {
    expect(Object.keys(first).sort()).toEqual(['env', 'image', 'imagePullPolicy', 'name', 'securityContext']);
    expect(first.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(first.securityContext).not.toHaveProperty('readOnlyRootFilesystem');
  });

  it('is understood by the prober', () => {
    const variables = Object.fromEntries((first.env ?? []).map(({ name, value }) => [name, value]));
    expect(proberEnvironment(variables)).toMatchObject({
      httpPort: 7000,
      prometheusPort: 7001,
      configFile: '/tmp/netprober/config.json',
      durationMs: 600_000,
      own: { mesh: 'mesh' },
    });
  });

  it('has a name that the pod has not', () => {
    expect(first.name).toBe('net-prober-1');
    expect(proberContainer(podWith([first, { name: 'net-prober-7' }]), options).name).toBe('net-prober-8');
    const many = Array.from({ length: 10 }, (_, index) => ({ ...first, name: `net-prober-${index + 1}` }));
    expect(() => proberContainer(podWith(many), options)).toThrow('already has had 10 probers');
  });
});

describe('proberToFeed', () => {
  it('is the one that runs', () => {
    expect(proberToFeed(podWith([first]), options)?.name).toBe('net-prober-1');
    expect(proberToFeed(podWith([first], { terminated: { exitCode: 0 } }), options)).toBeUndefined();
    expect(livingProbers(podWith([{ ...first, name: 'debugger' }, { name: 'net-prober-2' }]))).toEqual([]);
  });

  it('is one that does not run yet, but none of another image that cannot start', () => {
    const stuck = podWith([first], { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } });
    expect(livingProbers(stuck)).toEqual([]);
    expect(proberToFeed(stuck, options)?.name).toBe('net-prober-1');
    const other = { ...options, agentImage: 'example.test/agent:2' };
    expect(proberToFeed(podWith([first]), other)?.name).toBe('net-prober-1');
    const starting = podWith([first], { waiting: { reason: 'ContainerCreating' } });
    expect(livingProbers(starting)).toHaveLength(1);
    expect(proberToFeed(starting, other)?.name).toBe('net-prober-1');
    expect(proberToFeed(stuck, other)).toBeUndefined();
  });

  it('is none of another mesh', () => {
    expect(() => proberToFeed(podWith([first]), { ...options, mesh: 'other' })).toThrow('of mesh mesh already');
  });
});
