// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { injectWorkload, uninjectWorkload } from '../../../src/injection/inject.js';
import { sidecarOf } from '../../../src/injection/sidecar.js';
import { whyNotLive } from '../../../src/injection/why-not-live.js';
import { options, workloads } from './templates.js';

function pod(spec: object, metadata: object = {}) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', ...metadata }, spec };
}
const containers = [{ name: 'a', image: 'x' }];

describe('injectWorkload', () => {
  it('is undone by uninjectWorkload', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        expect(uninjectWorkload(injectWorkload(workload, options))).toStrictEqual(workload);
      }),
    );
  });

  it('does the same twice, and replaces ours with other options', () => {
    fc.assert(
      fc.property(workloads, (workload) => {
        const once = injectWorkload(workload, options);
        expect(injectWorkload(once, options)).toStrictEqual(once);
        const other = { ...options, pingPort: 5000, agentImage: 'other' };
        expect(injectWorkload(once, other)).toStrictEqual(injectWorkload(workload, other));
      }),
    );
  });

  it('changes from a native sidecar to a container', () => {
    const plain = { ...options, native: false };
    const before = pod({ containers });
    expect(injectWorkload(injectWorkload(before, options), plain)).toStrictEqual(injectWorkload(before, plain));
  });

  it('adds the names of the seed, last in their lists', () => {
    const { container, volume } = sidecarOf(options);
    expect(injectWorkload(pod({ containers, initContainers: [{ name: 'first' }] }), options)).toStrictEqual(
      pod(
        { containers, initContainers: [{ name: 'first' }, container], volumes: [volume] },
        { annotations: { 'netprober-container-deployed': 'true' } },
      ),
    );
    expect(container).toMatchObject({ name: 'net-prober', restartPolicy: 'Always' });
    expect(container).not.toHaveProperty('readinessProbe');
  });

  it('injects the items of a list and passes other objects', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
    const list = { apiVersion: 'v1', kind: 'List', items: [pod({ containers }), service] };
    expect(injectWorkload(list, options)).toStrictEqual({
      ...list,
      items: [injectWorkload(pod({ containers }), options), service],
    });
  });

  it.each([
    [
      'a port of a container',
      { containers: [{ name: 'a', ports: [{ containerPort: 19191 }] }] },
      'already has port 19191',
    ],
    ['a container of our name', { containers: [{ name: 'net-prober' }] }, 'not ours'],
    ['a volume of our name', { containers, volumes: [{ name: 'net-prober-vol' }] }, 'not ours'],
    ['a Windows pod', { containers, os: { name: 'windows' } }, 'Windows'],
    ['a pod for Windows nodes', { containers, nodeSelector: { 'kubernetes.io/os': 'windows' } }, 'Windows'],
    ['the network of a node', { containers, hostNetwork: true }, 'same port'],
    ['no containers', { containers: [] }, 'no containers'],
    ['containers that are none', { containers: 'x' }, 'must be a list'],
  ])('refuses %s', (_what, spec, words) => {
    expect(() => injectWorkload(pod(spec), options)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => injectWorkload(pod(spec), options)).toThrow(words);
  });

  it('takes a UDP port of the same number', () => {
    const ports = [{ containerPort: 19191, protocol: 'UDP' }];
    expect(() => injectWorkload(pod({ containers: [{ name: 'a', ports }] }), options)).not.toThrow();
  });

  it('refuses an ordinary container where the pod is to end', () => {
    const never = pod({ containers, restartPolicy: 'Never' });
    expect(() => injectWorkload(never, { ...options, native: false })).toThrow('would never end');
  });
});

describe('sidecarOf', () => {
  it.each([{ pingPort: 0 }, { pingPort: 19192 }, { neighbours: -1 }, { configMap: 'A b' }, { agentImage: '' }])(
    'refuses %j',
    (wrong) => {
      expect(() => sidecarOf({ ...options, ...wrong })).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );
});

describe('whyNotLive', () => {
  it('names Jobs and pods', () => {
    expect(whyNotLive({ kind: 'Job' })).toContain('Job');
    expect(whyNotLive({ kind: 'Pod' })).toContain('running pod');
    expect(whyNotLive({ kind: 'Deployment' })).toBeUndefined();
  });
});
