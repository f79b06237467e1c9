// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProber, type RunningProber } from '../../../src/agents/prober/prober.js';
import { ensurePrometheus, promtool, startPrometheus, type RunningPrometheus } from './prometheus.js';

const dashboardFile = join(import.meta.dirname, '../../../plugins-manifest/agents/prober/monitoring/dashboard.json');
const names = ['web-0', 'web-1', 'web-2'];
const namespace = 'shop';

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { name: string; query: string; type: string }[] };
}

let folder: string;
let prometheus: RunningPrometheus;
let dashboard: Dashboard;
const probers = new Map<string, RunningProber>();

function prober(name: string): RunningProber {
  const found = probers.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** As Grafana fills in its variables, with a range that a test can wait for. */
function filled(expression: string): string {
  return expression
    .replaceAll(/\$__(rate_interval|range)/g, '30s')
    .replaceAll('$protocol', 'http')
    .replaceAll('$namespace', namespace);
}

const targets = () => dashboard.panels.flatMap(({ title, targets: each }) => each.map(({ expr }) => ({ title, expr })));
const panel = (title: string) => {
  const found = targets().filter((target) => target.title === title);
  if (found.length === 0) throw new Error(`no panel ${title}`);
  return found.map(({ expr }) => filled(expr));
};

beforeAll(async () => {
  await ensurePrometheus();
  dashboard = JSON.parse(await readFile(dashboardFile, 'utf8')) as Dashboard;
  folder = await mkdtemp(join(tmpdir(), 'prober-'));
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify({ endpointsMap: {}, pollingPeriod: 5e8 }));
  for (const pod of names) {
    const own = { namespace, pod, node: `node-of-${pod}`, mesh: `${namespace}/mesh`, ips: ['127.0.0.1'] };
    const environment = { httpPort: 0, prometheusPort: 0, configFile, neighbours: 10, own };
    probers.set(pod, await startProber({ environment, host: '127.0.0.1', log: () => undefined }));
  }
  const members = Object.fromEntries(
    names.map((pod) => [pod, { ip: '127.0.0.1', port: String(prober(pod).pingPort), namespace, pod, node: 'n' }]),
  );
  // One that refuses connections, so that there are failures.
  const gone = { ip: '127.0.0.1', port: '1', namespace, pod: 'gone-0', node: 'n' };
  await writeFile(configFile, JSON.stringify({ endpointsMap: { ...members, 'gone-0': gone }, pollingPeriod: 5e8 }));
  prometheus = await startPrometheus({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      {
        job_name: 'probers',
        // What a PodMonitor adds to each target.
        static_configs: names.map((pod) => ({
          targets: [`127.0.0.1:${prober(pod).prometheusPort}`],
          labels: { namespace, pod },
        })),
      },
    ],
  });
});
afterAll(async () => {
  await prometheus.stop();
  await Promise.all([...probers.values()].map((each) => each.stop()));
  await rm(folder, { recursive: true });
});

describe('the metrics of a prober', () => {
  it('pass the lint of promtool but for the name that k8s-network-prober gave', async () => {
    const read = async () => (await fetch(`http://127.0.0.1:${prober('web-0').prometheusPort}/metrics`)).text();
    // Of a metric without samples the lint says nothing.
    for (const sample of ['netmachinery_probe_failures_total{', 'netprober_interpod_latency_s_bucket{']) {
      await expect.poll(read, { timeout: 15_000 }).toContain(sample);
    }
    const text = await read();
    const { output } = await promtool(['check', 'metrics'], text);
    const complaints = output.split('\n').filter((line) => line !== '');
    // The one exception: its dashboards know no other name. That it is complained about shows that the lint works.
    expect(complaints.filter((line) => !line.startsWith('netprober_interpod_latency_s '))).toEqual([]);
    expect(complaints.length).toBeGreaterThan(0);
  });
});

describe('the dashboard', () => {
  it('has queries that Prometheus understands and has data for, every one', async () => {
    expect(targets().length).toBeGreaterThan(10);
    for (const { title, expr } of targets()) {
      await expect
        .poll(async () => (await prometheus.query(filled(expr))).filter(({ value }) => value[1] !== 'NaN').length, {
          timeout: 30_000,
          interval: 500,
          message: `${title}: ${expr}`,
        })
        .toBeGreaterThan(0);
    }
  });

  it('fills its variables from labels that there are', async () => {
    const queries = dashboard.templating.list.filter(({ type }) => type === 'query').map(({ query }) => query);
    expect(queries).toHaveLength(2);
    for (const query of queries) {
      const [, series = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? [];
      await expect
        .poll(async () => (await prometheus.query(series)).map(({ metric }) => metric[label]))
        .not.toHaveLength(0);
      const values = (await prometheus.query(series)).map(({ metric }) => metric[label]);
      expect(values).not.toContain(undefined);
    }
  });

  it('shows every pair of the heat map, and the pod that is gone among failures only', async () => {
    const pairs = async (title: string) =>
      (await prometheus.query(panel(title)[0] ?? ''))
        .filter(({ value }) => value[1] !== 'NaN' && Number(value[1]) > 0)
        .map(({ metric }) => `${metric['source_pod'] ?? ''} ${metric['destination_pod'] ?? ''}`)
        .sort();
    const living = names.flatMap((one) => names.filter((other) => other !== one).map((other) => `${one} ${other}`));
    await expect
      .poll(() => pairs('p99 by source (rows) and destination (columns)'), { timeout: 30_000, interval: 500 })
      .toEqual(living.sort());
    await expect
      .poll(() => pairs('Failed probes by source (rows) and destination (columns)'), { timeout: 30_000, interval: 500 })
      .toEqual(expect.arrayContaining(names.map((name) => `${name} gone-0`)));
    const reasons = await prometheus.query(panel('Failures by reason')[0] ?? '');
    expect(reasons.map(({ metric }) => metric['reason'])).toContain('refused');
  });
});
