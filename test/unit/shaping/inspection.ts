// SPDX-License-Identifier: Apache-2.0
import { kernelFeatures, type KernelFeature, type PodInspection } from '../../../src/shaping/pod-network.js';

const own = { handle: '0:', root: true, options: {} };

/** A pod as it is before anything is shaped. */
export function inspection(lacking: readonly KernelFeature[] = []): PodInspection {
  return {
    kernel: '6.18.44',
    interfaces: [
      { name: 'lo', index: 1, up: true, mtu: 65_536 },
      { name: 'eth0', index: 2, up: true, mtu: 1500 },
    ],
    defaultInterfaces: ['eth0'],
    gateways: [],
    qdiscs: ['lo', 'eth0'].map((dev) => ({ ...own, kind: 'noqueue', dev })),
    filters: [],
    supports: new Set(kernelFeatures.filter((feature) => !lacking.includes(feature))),
    missing: new Map(lacking.map((feature) => [feature, 'Error: Specified qdisc kind is unknown.\n'])),
    hosts: new Map(),
  };
}
