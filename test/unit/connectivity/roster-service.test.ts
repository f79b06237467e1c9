// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { rosterService } from '../../../src/connectivity/roster-service.js';
import { Failure } from '../../../src/errors/failure.js';
import type { EndpointSlice, Service } from '../../../src/kube/objects.js';

const dnsPorts = [
  { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
  { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
];

function service(spec: Service['spec'] = {}): Service {
  return {
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { clusterIP: '198.18.255.10', ports: dnsPorts, ...spec },
  };
}

function slice(endpoints: EndpointSlice['endpoints'], more: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    metadata: { name: 'kube-dns-x' },
    addressType: 'IPv4',
    ports: [
      { name: 'metrics', port: 9153, protocol: 'TCP' },
      { name: 'dns', port: 5353, protocol: 'UDP' },
    ],
    endpoints: endpoints ?? [],
    ...more,
  };
}

const pod = (address: string, ready?: boolean) => ({
  addresses: [address],
  nodeName: 'node1',
  targetRef: { kind: 'Pod', name: `coredns-${address}` },
  ...(ready === undefined ? {} : { conditions: { ready } }),
});

describe('rosterService', () => {
  it('is the name, the virtual addresses and the endpoints with the port behind that of the Service', () => {
    const both = service({ clusterIPs: ['198.18.255.10', '2001:2:0:ff::10'] });
    expect(rosterService(both, [slice([pod('198.18.1.5')])], 'dns')).toEqual({
      host: 'kube-dns.kube-system.svc',
      virtual: ['198.18.255.10', '2001:2:0:ff::10'],
      port: 53,
      endpoints: [{ address: '198.18.1.5', port: 5353, node: 'node1', pod: 'coredns-198.18.1.5' }],
    });
  });

  it('takes the first port where none is named, also where that has no name', () => {
    expect(rosterService(service(), [slice([pod('198.18.1.5')])]).endpoints[0]?.port).toBe(5353);
    const nameless = slice([{ addresses: ['198.19.0.1'] }], { ports: [{ port: 6443 }] });
    expect(rosterService(service({ ports: [{ port: 443 }] }), [nameless])).toMatchObject({
      port: 443,
      endpoints: [{ address: '198.19.0.1', port: 6443 }],
    });
  });

  it('has no virtual address where the Service is headless', () => {
    expect(rosterService(service({ clusterIP: 'None', clusterIPs: ['None'] }), []).virtual).toEqual([]);
  });

  it('leaves out what is not ready or no address, and keeps what nobody has looked at yet', () => {
    const names = slice([{ addresses: ['dns.example.com'] }], { addressType: 'FQDN' });
    const empty = slice([{ addresses: [] }]);
    const { endpoints } = rosterService(service(), [
      slice([pod('198.18.1.5', true), pod('198.18.1.6', false), pod('198.18.1.7')]),
      names,
      empty,
      slice([pod('198.18.1.8')], { ports: [{ name: 'other', port: 1 }] }),
    ]);
    expect(endpoints.map(({ address }) => address)).toEqual(['198.18.1.5', '198.18.1.7']);
  });

  it('has an endpoint of two slices once', () => {
    expect(rosterService(service(), [slice([pod('198.18.1.5')]), slice([pod('198.18.1.5')])]).endpoints).toHaveLength(
      1,
    );
  });

  it('throws where it has no such port', () => {
    const missing = (ports: NonNullable<Service['spec']['ports']>, name?: string) => () =>
      rosterService(service({ ports }), [], name);
    expect(missing(dnsPorts, 'http')).toThrow(new Failure('notFound', 'service kube-system/kube-dns has no port http'));
    expect(missing([])).toThrow(new Failure('notFound', 'service kube-system/kube-dns has no port'));
  });
});
