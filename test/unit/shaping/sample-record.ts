// SPDX-License-Identifier: Apache-2.0
import type { ContainerStatus, Pod } from '../../../src/kube/objects.js';
import type { ShapeRecord } from '../../../src/model/shaping.js';
import { imageVariable, shapeVariable } from '../../../src/kube/tool-container-spec.js';

export const record: ShapeRecord = {
  token: 'abc',
  caller: 'jane',
  interface: 'eth0',
  direction: 'egress',
  effects: { delay: { us: 100_000 } },
  scope: { peers: [], exclude: [], ports: [], sourcePorts: [], destinationPorts: [] },
  container: 'netmachinery-admin-1',
  startedAt: '2026-11-21T12:00:00Z',
  endsAt: '2026-11-21T12:05:00Z',
  podIPs: ['198.18.1.1', '2001:2::1'],
};

export interface SampleContainer {
  record?: ShapeRecord;
  state?: 'running' | 'terminated';
  waiting?: string;
  message?: string;
}

/** A pod with these admin tool containers, the first one `netmachinery-admin-1`. */
export function podWith(
  containers: readonly SampleContainer[],
  more: { annotation?: string; phase?: string; ips?: string[]; readySince?: string } = {},
): Pod {
  const {
    annotation,
    phase = 'Running',
    ips = ['198.18.1.1', '2001:2::1'],
    readySince = '2026-11-21T11:00:00Z',
  } = more;
  const name = (index: number) => `netmachinery-admin-${index + 1}`;
  return {
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      ...(annotation === undefined ? {} : { annotations: { 'netmachinery.io/shape': annotation } }),
    },
    spec: {
      nodeName: 'node1',
      containers: [{ name: 'main' }],
      ephemeralContainers: containers.map(({ record: written }, index) => ({
        name: name(index),
        env: [
          { name: imageVariable, value: 'toolbox' },
          ...(written === undefined ? [] : [{ name: shapeVariable, value: JSON.stringify(written) }]),
        ],
      })),
    },
    status: {
      phase,
      podIPs: ips.map((ip) => ({ ip })),
      conditions: [{ type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: readySince }],
      ephemeralContainerStatuses: containers.flatMap(({ state, waiting, message = '' }, index): ContainerStatus[] => {
        if (waiting !== undefined) return [{ name: name(index), state: { waiting: { reason: waiting } } }];
        if (state === undefined) return [];
        if (state === 'running') return [{ name: name(index), state: { running: {} } }];
        return [
          {
            name: name(index),
            state: { terminated: { exitCode: 137, message, finishedAt: '2026-11-21T12:01:00Z' } },
          },
        ];
      }),
    },
  };
}
