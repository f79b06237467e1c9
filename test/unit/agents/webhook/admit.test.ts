// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type Admission } from '../../../../src/agents/webhook/admit.js';
import { readReview } from '../../../../src/agents/webhook/admission-review.js';
import { injectWorkload } from '../../../../src/injection/inject.js';
import { parseNetworkProber, type ProberSpec } from '../../../../src/injection/network-prober.js';
import type { KubeObject, LabelSelector } from '../../../../src/kube/objects.js';
import { applyPatch } from './apply-patch.js';
import { podOf, review } from './reviews.js';

const settings = { images: { usual: 'agent:1', allowed: new Set(['agent:1', 'agent:2']) }, native: true };

function prober(mesh: string, selector: LabelSelector = {}, more: object = {}): ProberSpec {
  const [namespace, name] = mesh.split('/');
  const spec = { podSelector: selector, httpPort: '9191', pollingPeriod: '1s', httpPrometheusPort: '9192', ...more };
  const parsed = parseNetworkProber({ metadata: { namespace, name }, spec });
  if (!('prober' in parsed)) throw new Error(parsed.faults.join());
  return parsed.prober;
}

const web = prober('shop/web', { matchLabels: { app: 'web' } });
const namespaces = (shop: object = {}): ReadonlyMap<string, KubeObject> =>
  new Map([['shop', { metadata: { name: 'shop', ...shop } }]]);

function asked(
  pod: object,
  probers: readonly ProberSpec[],
  { home = namespaces(), native = true }: { home?: ReadonlyMap<string, KubeObject>; native?: boolean } = {},
): Admission & { result: unknown } {
  const request = readReview(JSON.stringify(review({ object: pod })));
  const admission = admit(request, probers, home, { ...settings, native });
  return { ...admission, result: applyPatch(pod, admission.patch) };
}

const mesh = (admission: { result: unknown }): string | undefined =>
  /"NETMACHINERY_MESH","value":"([^"]+)"/.exec(JSON.stringify(admission.result))?.[1];

describe('admit', () => {
  it('adds what injection adds, and says nothing of the rest', () => {
    const pod = podOf();
    const { outcome, patch, warnings, result } = asked(pod, [web]);
    expect({ outcome, warnings }).toEqual({ outcome: 'injected', warnings: [] });
    const options = { agentImage: 'agent:1', mesh: 'shop/web', configMap: 'web', native: true };
    expect(result).toEqual(injectWorkload(pod, { ...options, pingPort: 9191, metricsPort: 9192 }));
    expect(patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'add /metadata/annotations',
      'add /spec/initContainers',
      'add /spec/volumes',
    ]);
  });

  it('adds to lists and annotations that are there', () => {
    const lists = { initContainers: [{ name: 'first' }], volumes: [{ name: 'data' }] };
    const { patch } = asked(podOf({ annotations: { 'a/b': 'c' } }, lists), [web]);
    expect(patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'add /metadata/annotations/netprober-container-deployed',
      'add /spec/initContainers/-',
      'add /spec/volumes/-',
    ]);
    const plain = asked(podOf(), [web], { native: false });
    expect(plain.patch.map(({ path }) => path)).toContain('/spec/containers/-');
  });

  it('takes image, ports and neighbours of the NetworkProber', () => {
    const { result } = asked(podOf(), [prober('shop/web', {}, { agentImage: 'agent:2', neighbours: 3 })]);
    const text = JSON.stringify(result);
    for (const part of ['"agent:2"', '"containerPort":9191', '"NETMACHINERY_NEIGHBOURS","value":"3"']) {
      expect(text).toContain(part);
    }
  });

  it('leaves what no NetworkProber selects', () => {
    expect(asked(podOf({ labels: { app: 'db' } }), [web]).outcome).toBe('unselected');
    expect(asked(podOf({ labels: null }), [web]).outcome).toBe('unselected');
    expect(asked(podOf(), []).outcome).toBe('unselected');
    const outside = prober('shop/web', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] });
    expect(asked(podOf(), [outside]).outcome).toBe('unselected');
    expect(asked(podOf({ labels: {} }), [outside]).outcome).toBe('injected');
  });

  it('asks the own namespace first, then those with consent, by name', () => {
    const consent = { home: namespaces({ annotations: { 'netmachinery.io/allow-prober-from': 'bank, ads' } }) };
    const foreign = [prober('bank/a'), prober('ads/z'), prober('ads/y')];
    expect(asked(podOf(), foreign).outcome).toBe('unselected');
    expect(mesh(asked(podOf(), foreign, consent))).toBe('ads/y');
    expect(JSON.stringify(asked(podOf(), foreign, consent).result)).toContain('"name":"ads.y"');
    expect(mesh(asked(podOf(), [...foreign, prober('shop/z'), web], consent))).toBe('shop/web');
    const unknown = { home: new Map<string, KubeObject>() };
    expect(asked(podOf(), foreign, unknown).outcome).toBe('unselected');
    expect(mesh(asked(podOf(), [web], unknown))).toBe('shop/web');
  });

  it('changes nothing the second time, also where somebody else injected', () => {
    const first = asked(podOf(), [web]);
    expect(asked(first.result as object, [web])).toMatchObject({ outcome: 'present', patch: [], warnings: [] });
    const person = { agentImage: 'agent:9', mesh: 'netmachinery', configMap: 'netmachinery', native: false };
    const injected = injectWorkload(podOf(), person) as object;
    expect(asked(injected, [web])).toMatchObject({ outcome: 'present', patch: [] });
    const seeds = podOf({ annotations: { 'netprober-container-deployed': 'true' } });
    expect(asked(seeds, [web])).toMatchObject({ outcome: 'present', patch: [] });
  });

  it('warns of what cannot be injected, and allows it', () => {
    const warned = (pod: object, specs = [web], native = true): string => {
      const { outcome, patch, warnings } = asked(pod, specs, { native });
      expect({ outcome, patch, count: warnings.length }).toEqual({ outcome: 'refused', patch: [], count: 1 });
      return warnings.join();
    };
    const ports = [{ name: 'main', ports: [{ containerPort: 9192 }] }];
    expect(warned(podOf({}, { containers: ports }))).toBe(
      'no prober of NetworkProber shop/web was added: container main of pod/web- already has port 9192 (give the prober other ports: --ping-port and --metrics-port, of a NetworkProber httpPort and httpPrometheusPort)',
    );
    expect(warned(podOf({}, { os: { name: 'windows' } }))).toMatch(/Windows/);
    expect(warned(podOf({}, { hostNetwork: true }))).toMatch(/network of its node/);
    expect(warned(podOf({}, { restartPolicy: 'Never' }), [web], false)).toMatch(/would never end/);
    expect(warned(podOf({}, { containers: [{ name: 'net-prober', image: 'x' }] }))).toMatch(/not ours/);
    expect(warned(podOf({ annotations: { 'netprober-container-deployed': 'no' } }))).toMatch(/no prober of ours/);
    expect(warned(podOf(), [prober('shop/web', {}, { agentImage: 'evil:1' })])).toMatch(/evil:1 is not on the allow/);
  });

  it('never throws, and never both patches and warns, whatever the pod is', () => {
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom(null, [], {}, [{}], [{ name: 'net-prober' }]));
    const parts = (...keys: string[]) => fc.dictionary(fc.constantFrom(...keys), part, { noNullPrototype: true });
    const metadata = parts('name', 'labels', 'annotations');
    const spec = parts('containers', 'initContainers', 'volumes', 'os', 'restartPolicy', 'nodeSelector');
    fc.assert(
      fc.property(metadata, spec, (meta, fields) => {
        const { outcome, patch, warnings } = asked(podOf(meta, fields), [prober('shop/all')]);
        expect(patch.length > 0).toBe(outcome === 'injected');
        expect(warnings.length > 0).toBe(outcome === 'refused' || outcome === 'failed');
      }),
      { numRuns: 500 },
    );
  });
});
