// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, getPod, kubectl } from './kubectl.js';
import { filteredPod, readySlices, serverPod, service } from './manifests.js';
import { hintsOf, resultOf } from './results.js';

const http = { name: 'http', port: 80, targetPort: 'http' };
const https = { name: 'https', port: 443, targetPort: 8443 };
const echo = { name: 'echo', port: 9000, targetPort: 'echo', protocol: 'UDP' };

let namespace: string;
let clusterIps: string[];
/** IPv4 addresses of the pods behind the Service. */
let endpointIps: string[];

beforeAll(async () => {
  namespace = await createNamespace('connect-service');
  const web = { labels: { app: 'web' } };
  await createReady(
    namespace,
    service('web', { selector: { app: 'web' }, ports: [http, https, echo] }),
    service('headless', { clusterIP: 'None', selector: { app: 'web' }, ports: [http] }),
    { ...service('outside', {}), spec: { type: 'ExternalName', externalName: `web.${namespace}.svc.cluster.local` } },
    service('empty', { selector: { app: 'web', tier: 'none' }, ports: [http, https] }),
    service('misnamed', { selector: { app: 'web' }, ports: [{ ...http, targetPort: 'no-such-port' }] }),
    service('manual', { ports: [{ name: 'http', port: 80 }] }),
    service('half', { selector: { app: 'half' }, ports: [http] }),
    serverPod('client'),
    serverPod('web-1', web),
    serverPod('web-2', web),
    serverPod('half-1', { labels: { app: 'half' } }),
    filteredPod('half-2', 'input', ['tcp dport 8080 drop'], { labels: { app: 'half' } }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny-all' },
      spec: { podSelector: { matchLabels: { app: 'half' } }, policyTypes: ['Ingress'] },
    },
  );
  const slices = await readySlices(namespace, 'web', 2);
  const ofFour = slices.filter(({ addressType }) => addressType === 'IPv4');
  endpointIps = ofFour.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses)).sort();
  const { spec } = JSON.parse(await kubectl(['get', 'svc', '-n', namespace, 'web', '-o', 'json'])) as {
    spec: { clusterIPs: string[] };
  };
  clusterIps = spec.clusterIPs;
  await Promise.all(['headless', 'half'].map((name) => readySlices(namespace, name, 2)));
});

afterAll(() => deleteNamespace(namespace));

const connect = (...args: string[]) => report(['connect', '-n', namespace, 'client', ...args]);

/** Kind, address and port of each destination. */
function dialled({ results }: Report): string[] {
  return results.map(({ destination: { kind, address, port } }) => `${kind} ${address} ${port}`).sort();
}

describe('a Service', () => {
  it('is its virtual address and every endpoint at the port that backs it', async () => {
    const { report: found, exitCode } = await connect('svc/web:80');
    expect(exitCode).toBe(0);
    expect(endpointIps).toHaveLength(2);
    expect(dialled(found)).toEqual([...endpointIps.map((ip) => `endpoint ${ip} 8080`), `service ${clusterIps[0]} 80`]);
    expect(found.results[0]?.destination).toMatchObject({ kind: 'service', name: 'web', namespace, ref: 'svc/web:80' });
    expect(resultOf(found, { name: 'web-2' }).destination).toMatchObject({
      kind: 'endpoint',
      node: 'node1',
      namespace,
    });
  });

  it('is the same by the name of its port, and over both families', async () => {
    const { report: found, exitCode } = await connect('svc/web:https', '--ip-families', 'both');
    expect(exitCode).toBe(0);
    expect(found.summary.total).toBe(6);
    const virtual = found.results.filter(({ destination }) => destination.kind === 'service');
    expect(virtual.map(({ destination }) => `${destination.address} ${destination.port}`)).toEqual(
      clusterIps.map((ip) => `${ip} 443`),
    );
    expect(new Set(found.results.slice(2).map(({ destination }) => destination.port))).toEqual(new Set([8443]));
  });

  it('is every TCP port of it where none is named, and every UDP port with --protocol udp', async () => {
    const [tcp, udp] = await Promise.all([connect('svc/web'), connect('svc/web', '--protocol', 'udp')]);
    expect(dialled(tcp.report)).toEqual(
      [
        ...endpointIps.flatMap((ip) => [`endpoint ${ip} 8080`, `endpoint ${ip} 8443`]),
        `service ${clusterIps[0]} 80`,
        `service ${clusterIps[0]} 443`,
      ].sort(),
    );
    expect(tcp.exitCode).toBe(0);
    expect(dialled(udp.report)).toEqual([
      ...endpointIps.map((ip) => `endpoint ${ip} 9000`),
      `service ${clusterIps[0]} 9000`,
    ]);
    expect(udp.report.results.every(({ probe, reason }) => probe === 'udp' && reason === 'Answered')).toBe(true);
  });

  it('that is headless is its pods, with a note that clients dial another port', async () => {
    const { report: found, exitCode } = await connect('svc/headless:80');
    expect(exitCode).toBe(0);
    expect(dialled(found)).toEqual(endpointIps.map((ip) => `endpoint ${ip} 8080`));
    expect(found.warnings).toEqual([expect.stringContaining('headless')]);
  });

  it('that is an external name is that host, as the source resolves it', async () => {
    const { report: found, exitCode } = await connect('svc/outside:80');
    expect(exitCode).toBe(0);
    expect(dialled(found)).toEqual([`host ${clusterIps[0]} 80`]);
    expect(found.warnings).toEqual([expect.stringContaining(`web.${namespace}.svc.cluster.local`)]);
  });

  it('that somebody made slices for is those addresses', async () => {
    const ip = (await getPod(namespace, 'web-1')).status?.podIP ?? '';
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'manual-1', labels: { 'kubernetes.io/service-name': 'manual' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [ip], conditions: { ready: true } }],
      ports: [{ name: 'http', port: 8443, protocol: 'TCP' }],
    };
    await kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(slice));
    const { report: found } = await connect('svc/manual:80');
    expect(resultOf(found, { kind: 'endpoint' })).toMatchObject({
      verdict: 'pass',
      destination: { address: ip, port: 8443, namespace },
    });
    expect(resultOf(found, { kind: 'service' }).destination.port).toBe(80);
  });
});

describe('a Service without endpoints', () => {
  it('says so, beside its selector and what that matches', async () => {
    const { report: found, exitCode } = await connect('svc/empty:80');
    expect(exitCode).toBe(1);
    const empty = resultOf(found, { address: '' });
    expect(empty).toMatchObject({ verdict: 'fail', reason: 'NoEndpoints', attempts: 0 });
    expect(empty.message).toContain(`${namespace}/empty has no ready endpoints`);
    expect(hintsOf(found, empty)).toEqual([expect.stringMatching(/selector .*tier=none.* matches 0 pods, 0 ready/)]);
    // kube-proxy refuses what has nothing behind it; the virtual address is dialled all the same.
    expect(resultOf(found, { kind: 'service', address: clusterIp(found) }).reason).toBe('Refused');
  });

  it('names the container port that nobody has', async () => {
    const { report: found, exitCode } = await connect('svc/misnamed:80', '--attempts', '1', '--connect-timeout', '1s');
    expect(exitCode).toBe(1);
    const [hint] = hintsOf(found, resultOf(found, { address: '' }));
    expect(hint).toMatch(/selector app=web matches 2 pods, 2 ready; no container port is named no-such-port/);
  });
});

function clusterIp(found: Report): string {
  return (
    found.results.find(({ destination }) => destination.kind === 'service' && destination.address !== '')?.destination
      .address ?? 'none'
  );
}

it('shows which endpoint fails and what policies say of it, without calling that a proof', async () => {
  const { report: found, exitCode } = await connect('svc/half:80', '--connect-timeout', '1500ms', '--attempts', '1');
  expect(exitCode).toBe(1);
  expect(resultOf(found, { name: 'half-1' }).verdict).toBe('pass');
  const dropped = resultOf(found, { name: 'half-2' });
  expect(dropped).toMatchObject({ verdict: 'fail', reason: 'TimedOut' });
  const policies = hintsOf(found, dropped).find((hint) => hint.includes('NetworkPolicies'));
  expect(policies).toContain(`by its text ${namespace}/deny-all lets nothing into ${namespace}/half-2`);
  expect(policies).toContain('not a proof');
});
