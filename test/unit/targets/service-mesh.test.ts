// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/kube/objects.js';
import { serviceMeshOf } from '../../../src/targets/service-mesh.js';

const app = { name: 'app' };

function pod(spec: Partial<Pod['spec']>, annotations: Record<string, string> = {}): Pod {
  return { metadata: { name: 'x', annotations }, spec: { containers: [app], ...spec } };
}

describe('the service mesh of a pod', () => {
  it.each([
    ['istio', 'istio-proxy'],
    ['linkerd', 'linkerd-proxy'],
    ['kuma', 'kuma-sidecar'],
    ['consul', 'consul-dataplane'],
  ])('%s, by its container or its init container that goes on running', (mesh, name) => {
    expect(serviceMeshOf(pod({ containers: [app, { name }] }))).toBe(mesh);
    expect(serviceMeshOf(pod({ initContainers: [{ name, restartPolicy: 'Always' }] }))).toBe(mesh);
    expect(serviceMeshOf(pod({ initContainers: [{ name }] }))).toBeUndefined();
  });

  it("Istio's without a sidecar, by what its CNI plugin writes down", () => {
    const redirection = 'ambient.istio.io/redirection';
    expect(serviceMeshOf(pod({}, { [redirection]: 'enabled' }))).toBe('istio-ambient');
    expect(serviceMeshOf(pod({}, { [redirection]: 'pending' }))).toBeUndefined();
  });

  it('none', () => {
    expect(serviceMeshOf(pod({}))).toBeUndefined();
    expect(serviceMeshOf(pod({ containers: [{ name: 'constructor' }, { name: 'my-istio-proxy' }] }))).toBeUndefined();
  });
});
