// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl, podManifest } from './kubectl.js';
import { prepared, readySlices, serverPod, service } from './manifests.js';
import { resultOf } from './results.js';

let namespace = '';
const proxyPort = 15_001;
/** Where nothing listens in any pod. */
const closed = 4444;

/** A pod whose TCP connections, those in one direction, end in its own container of this name, as a mesh's proxy has it. */
function meshedPod(name: string, proxy: string, hook: 'prerouting' | 'output'): object {
  const interfaces = hook === 'output' ? 'oifname != "lo"' : 'iifname != "lo"';
  const chain = `chain take { type nat hook ${hook} priority -100; ${interfaces} meta l4proto tcp redirect to :${proxyPort}; }`;
  const containers = [
    { name: 'main', image: images.web },
    { name: proxy, image: images.web, args: [`--tcp=:${proxyPort}`] },
  ];
  return podManifest(name, { spec: { ...prepared(`nft 'table inet mesh { ${chain}; }'`), containers } });
}

beforeAll(async () => {
  namespace = await createNamespace('mesh');
  await createReady(
    namespace,
    serverPod('plain'),
    serverPod('source'),
    meshedPod('from-istio', 'istio-proxy', 'output'),
    meshedPod('to-linkerd', 'linkerd-proxy', 'prerouting'),
    service('linked', { selector: { app: 'to-linkerd' }, ports: [{ port: 80, targetPort: closed }] }),
  );
  await readySlices(namespace, 'linked', 1);
});
afterAll(() => deleteNamespace(namespace));

const connect = (...words: string[]) => report(['connect', '-n', namespace, ...words]);

describe.concurrent('behind the proxy of a service mesh', () => {
  it('a closed port seems to be open to the source, which the result and a warning say', async () => {
    const truth = await connect('source', `plain:${closed}`);
    expect(truth.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'Refused' });
    expect(truth.report.results[0]).not.toHaveProperty('labels');
    expect(truth.report.warnings).toEqual([]);

    const fooled = await connect('from-istio', `plain:${closed}`);
    expect(fooled.report.results[0]).toMatchObject({
      verdict: 'pass',
      reason: 'Connected',
      labels: { sourceMesh: 'istio' },
    });
    expect(fooled.report.warnings).toEqual([
      `${namespace}/from-istio: the istio proxy of this source may have taken a connection itself: "Connected" does not show that the destination was reached`,
    ]);
    const { stdout } = await netmachinery(['connect', '-n', namespace, 'from-istio', `plain:${closed}`, '-o', 'wide']);
    expect(stdout).toMatch(/LABELS .*\n.* sourceMesh=istio /);
    const table = await netmachinery(['connect', '-n', namespace, 'from-istio', `plain:${closed}`]);
    expect(table.stdout).toMatch(/^Warning: \S+\/from-istio: the istio proxy/m);
  });

  it.each(['to-linkerd:4444', 'svc/linked:80'])('of the destination %s, likewise', async (destination) => {
    const { report: found } = await connect('source', destination, '--ip-families', 'ipv4');
    expect(found.results.map(({ verdict, labels }) => ({ verdict, labels }))).toEqual(
      found.results.map(() => ({ verdict: 'pass', labels: { destinationMesh: 'linkerd' } })),
    );
    const { reason } = resultOf(found, { kind: destination.startsWith('svc') ? 'endpoint' : 'pod' });
    expect(reason).toBe('Connected');
    const pod = `${namespace}/to-linkerd`;
    expect(found.warnings).toEqual([
      `${destination.startsWith('svc') ? `${destination}, ${pod}` : pod}: a connection may have ended in the linkerd proxy of this destination, and not in its application`,
    ]);
  });

  it('ping and UDP pass it by: they have the label and no warning', async () => {
    const ping = await report(['ping', '-n', namespace, 'from-istio', 'plain', '--count', '1']);
    expect(ping.report.results[0]).toMatchObject({ verdict: 'pass', labels: { sourceMesh: 'istio' } });
    expect(ping.report.warnings).toEqual([]);
    const udp = await connect('from-istio', 'udp://plain:9000');
    expect(udp.report.results[0]).toMatchObject({ verdict: 'pass', reason: 'Answered' });
    expect(udp.report.warnings).toEqual([]);
  });

  it('a Service whose pods may not be listed is tested all the same, without labels', async () => {
    const rules = [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: [''], resources: ['services'], verbs: ['get'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
      { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
    ];
    const api = 'rbac.authorization.k8s.io';
    const role = { apiVersion: `${api}/v1`, kind: 'Role', metadata: { name: 'few' }, rules };
    const binding = {
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'few' },
      subjects: [{ apiGroup: api, kind: 'User', name: 'few@example.com' }],
      roleRef: { apiGroup: api, kind: 'Role', name: 'few' },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [role, binding] };
    await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(list));
    const { report: found } = await connect(
      'source',
      'svc/linked:80',
      '--as',
      'few@example.com',
      '--ip-families',
      'ipv4',
    );
    expect(found.results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(found.results[0]).not.toHaveProperty('labels');
  });
});
