// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ProberMetrics } from '../../../../src/agents/prober/metrics.js';
import type { Member } from '../../../../src/agents/prober/peer-list.js';
import { probeProtocols } from '../../../../src/model/prober.js';

const own = { namespace: 'a', pod: 'web-0', node: 'node1', mesh: '', ips: [] };
const member = (pod: string): Member => ({
  key: `b/${pod}`,
  namespace: 'b',
  pod,
  node: 'node2',
  ip: '10.0.0.2',
  port: 1,
});
const pair =
  'source_namespace="a",source_pod="web-0",source_node="node1",' +
  'destination_namespace="b",destination_pod="web-1",destination_node="node2"';

describe('ProberMetrics', () => {
  it('has the histogram of k8s-network-prober, for HTTP only', async () => {
    const metrics = new ProberMetrics(own);
    metrics.observe('http', member('web-1'), { seconds: 0.003 });
    metrics.observe('tcp', member('web-1'), { seconds: 0.001 });
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('netprober_'));
    const buckets = lines.filter((line) => line.startsWith('netprober_interpod_latency_s_bucket{'));
    expect(buckets).toHaveLength(26);
    expect(buckets[0]).toBe(
      'netprober_interpod_latency_s_bucket{le="0.00001",dest_pod_name="b/web-1",dest_ip="10.0.0.2"} 0',
    );
    expect(buckets[24]).toMatch(/le="167\.77\d*"/);
    expect(lines).toContain('netprober_interpod_latency_s_count{dest_pod_name="b/web-1",dest_ip="10.0.0.2"} 1');
    expect(lines).toContain('netprober_interpod_latency_s_sum{dest_pod_name="b/web-1",dest_ip="10.0.0.2"} 0.003');
  });

  it('counts a failure by its reason, and not as a latency', async () => {
    const metrics = new ProberMetrics(own);
    metrics.observe('http', member('web-1'), { failure: 'http-status' });
    const text = await metrics.text();
    expect(text).toContain(`netmachinery_probe_failures_total{protocol="http",${pair},reason="http-status"} 1`);
    expect(text).not.toContain('_count{protocol');
    expect(text).not.toContain('netprober_interpod_latency_s_count');
  });

  it('forgets all series of a member that left, and only those', async () => {
    const metrics = new ProberMetrics(own);
    for (const pod of ['web-1', 'web-2'])
      for (const protocol of probeProtocols) {
        metrics.observe(protocol, member(pod), { seconds: 0.001 });
        metrics.observe(protocol, member(pod), { failure: 'timeout' });
      }
    expect(await metrics.text()).toContain(`netmachinery_probe_duration_seconds_count{protocol="icmp",${pair}} 1`);
    metrics.forget(member('web-1'));
    const text = await metrics.text();
    expect(text).not.toContain('web-1');
    expect(text).toContain('web-2');
  });

  it('tells of the prober itself', async () => {
    const metrics = new ProberMetrics(own);
    metrics.started(0.002, 3);
    metrics.listed(60, 10);
    metrics.listFailed();
    const lines = (await metrics.text()).split('\n');
    expect(lines).toContain('netmachinery_prober_scheduling_delay_seconds_sum 0.002');
    expect(lines).toContain('netmachinery_prober_missed_probes_total 3');
    expect(lines).toContain('netmachinery_prober_members 60');
    expect(lines).toContain('netmachinery_prober_destinations 10');
    expect(lines).toContain('netmachinery_prober_peer_list_failures_total 1');
  });
});
