// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { EndpointSlice, KubeObject, Node, Pod, Service } from '../../../src/kube/objects.js';

function recorded<T extends KubeObject>(file: string): T[] {
  return (JSON.parse(readFileSync(new URL(`recorded/${file}`, import.meta.url), 'utf8')) as { items: T[] }).items;
}

function named<T extends KubeObject>(objects: T[], name: string): T {
  const found = objects.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`${name} was not recorded`);
  return found;
}

/** `kubectl get -o json` of the workload of test/integration/targets and, by prefix `shop-`, of the test cluster's shop. */
const recordedPods = recorded<Pod>('pods.json');
export const recordedNodes = recorded<Node>('nodes.json');

/** A recorded pod. */
export function recordedPod(name: string): Pod {
  return named(recordedPods, name);
}

/** A recorded Service with its EndpointSlices. */
export function recordedService(name: string, prefix = ''): { service: Service; slices: EndpointSlice[] } {
  const slices = recorded<EndpointSlice>(`${prefix}endpointslices.json`);
  return {
    service: named(recorded<Service>(`${prefix}services.json`), name),
    slices: slices.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name),
  };
}
