// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { clusterDomain, clusterName } from '../../../../src/check/once/cluster-domain.js';
import { failsVirtually } from '../../../../src/check/once/make-rounds.js';
import { dnsServiceOf } from '../../../../src/check/once/read-roster.js';
import type { Service } from '../../../../src/kube/objects.js';
import type { AgentReport, TargetOutcome } from '../../../../src/model/check.js';

function report(outcomes: TargetOutcome[], search: string[] = []): AgentReport {
  return {
    apiVersion: 'netmachinery.io/v1',
    kind: 'CheckAgentReport',
    agent: { node: 'node1', network: 'pod', namespace: 'x', pod: 'agent-node1', ips: ['192.0.2.1'] },
    intervalMs: 15_000,
    payloadEntries: 1500,
    hostDate: '2026-01-01T00:00:00Z',
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 10,
    uptimeSeconds: 1,
    kernel: '6.1',
    interfaces: [],
    resolver: { nameservers: [], search },
    outcomes,
  };
}

describe('rounds of a one-shot check', () => {
  it('are repeated where the Service fails by its virtual address or name only', () => {
    const by = (via: 'name' | 'virtual' | 'endpoint', value: number | 'timeout' | 'unsupported') =>
      report([{ kind: 'server', via, values: { http: value } }]);
    expect(failsVirtually([by('virtual', 'timeout')])).toBe(true);
    expect(failsVirtually([by('endpoint', 3), by('name', 'timeout')])).toBe(true);
    expect(failsVirtually([by('endpoint', 'timeout'), by('virtual', 2), by('name', 'unsupported')])).toBe(false);
  });

  it('take the domain of the cluster from what the kubelet writes into search lists', () => {
    const search = ['x.svc.corp.example', 'svc.corp.example', 'corp.example', 'lab.local'];
    expect(clusterDomain([report([], ['lab.local']), report([], search)])).toBe('corp.example');
    expect(clusterDomain([report([])])).toBeUndefined();
    expect(clusterName('corp.example')).toBe('kubernetes.default.svc.corp.example.');
  });

  it('ask the DNS Service that has the label, and of several the one with the usual name', () => {
    const service = (name: string, isLabelled: boolean): Service => ({
      metadata: { name, ...(isLabelled ? { labels: { 'k8s-app': 'kube-dns' } } : {}) },
      spec: {},
    });
    const found = (...services: Service[]) => dnsServiceOf(services)?.metadata.name;
    expect(found(service('coredns', false), service('rke2-coredns', true))).toBe('rke2-coredns');
    expect(found(service('kube-dns-upstream', true), service('kube-dns', true))).toBe('kube-dns');
    expect(found(service('web', false), service('coredns', false))).toBe('coredns');
    expect(found(service('web', false))).toBeUndefined();
  });
});
