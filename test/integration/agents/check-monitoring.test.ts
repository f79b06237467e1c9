// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { kubectl } from '../../e2e/kubectl.js';
import { ensurePrometheus, promtool, startPrometheus, type RunningPrometheus } from './prometheus.js';

const root = join(import.meta.dirname, '../../..');
const monitoring = join(root, 'plugins-manifest/monitoring/check');
const metric = (name: string) => `netmachinery_check_${name}`;

interface Rules {
  spec: { groups: { name: string; rules: { alert: string; expr: string }[] }[] };
}
interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { query: string; type: string }[] };
}

/** What a server of a check tells (see docs/check-metrics.md), and the labels of each. */
const known: Readonly<Record<string, readonly string[]>> = {
  agents: ['network', 'state'],
  agent_up: ['node', 'network'],
  last_report_age_seconds: ['node', 'network'],
  reports_total: ['network'],
  missed_reports_total: ['node', 'network'],
  probes_total: ['node', 'network', 'target', 'probe', 'outcome'],
  probe_seconds: ['network', 'target', 'probe'],
  pair_failed: ['source', 'destination'],
  pair_rtt_seconds: ['source', 'destination', 'quantile'],
  findings: ['kind', 'severity'],
  verdict: ['verdict'],
  clock_skew_seconds: ['node'],
  leader: [],
  report_handling_seconds: [],
  writes_total: ['result'],
};

/** Series, one sample a minute, that make an alert fire after 20 minutes, and such that do not. */
const cases: Readonly<Record<string, { bad: Record<string, string>; good: Record<string, string> }>> = {
  CheckAgentMissesReports: {
    bad: { 'missed_reports_total{node="n1",network="pod"}': '0+1x60' },
    good: { 'missed_reports_total{node="n1",network="pod"}': '3x60' },
  },
  CheckReportsTooFew: {
    bad: { 'reports_total{network="pod"}': '0+4x60', 'agents{network="pod",state="OK"}': '2x60' },
    good: {
      'reports_total{network="pod",instance="a"}': '0+8x60',
      'agents{network="pod",state="OK",instance="a"}': '2x60',
      // Who led before.
      'agents{network="pod",state="OK",instance="b"}': '2x60',
    },
  },
  CheckServerProbeSlow: seconds('probe_seconds_bucket{network="pod",target="server",probe="http"', '0.2', '0.05'),
  CheckDnsSlow: seconds('probe_seconds_bucket{network="pod",target="dns",probe="dns"', '0.5', '0.1'),
  CheckAgentAbsent: {
    bad: { 'agents{network="host",state="Absent"}': '1x60' },
    good: { 'agents{network="host",state="Absent"}': '0x60', 'agents{network="host",state="OK"}': '3x60' },
  },
  CheckAgentDown: {
    bad: { 'agent_up{node="n1",network="pod"}': '0x60' },
    good: {
      'agent_up{node="n1",network="pod",instance="a"}': '1x60',
      'agent_up{node="n1",network="pod",instance="b"}': '0x60',
    },
  },
  CheckClockSkew: {
    bad: { 'clock_skew_seconds{node="n1"}': '-30x60' },
    good: { 'clock_skew_seconds{node="n1"}': '1x60' },
  },
  CheckFinding: finding('direction'),
  CheckVerdictUnknown: {
    bad: { 'verdict{verdict="inconclusive"}': '1x60' },
    good: { 'verdict{verdict="inconclusive"}': '0x60', 'verdict{verdict="fail"}': '1x60' },
  },
  CheckDnsFails: {
    bad: {
      'probes_total{node="n1",network="pod",target="dns",probe="dns",outcome="failed"}': '0+1x60',
      'probes_total{node="n1",network="pod",target="dns",probe="dns",outcome="ok"}': '0+9x60',
    },
    good: {
      'probes_total{node="n1",network="pod",target="dns",probe="dns",outcome="failed"}': '0+1x60',
      'probes_total{node="n1",network="pod",target="dns",probe="dns",outcome="ok"}': '0+99x60',
    },
  },
  CheckVirtualAddressFails: finding('virtualAddress'),
  CheckLargePacketsLost: finding('largePackets'),
  CheckPairFails: {
    bad: { 'pair_failed{source="n1",destination="n2"}': '2x60' },
    good: { 'pair_failed{source="n1",destination="n2"}': '0x60' },
  },
  CheckServerWithoutLeader: {
    bad: { 'leader{instance="a"}': '0x60', 'leader{instance="b"}': '0x60' },
    good: { 'leader{instance="a"}': '0x60', 'leader{instance="b"}': '1x60' },
  },
  CheckServerWritesFail: {
    bad: { 'writes_total{result="failed"}': '0+1x60' },
    good: { 'writes_total{result="failed"}': '5x60', 'writes_total{result="ok"}': '0+9x60' },
  },
  CheckServerSlow: seconds('report_handling_seconds_bucket{job="check"', '1', '0.05'),
};

function seconds(start: string, slow: string, quick: string) {
  const within = (le: string) => ({ [`${start},le="${le}"}`]: '0+10x60', [`${start},le="+Inf"}`]: '0+10x60' });
  return { bad: { [`${start},le="0.001"}`]: '0x60', ...within(slow) }, good: within(quick) };
}

function finding(kind: string) {
  return {
    bad: { [`findings{kind="${kind}",severity="failure"}`]: '1x60' },
    good: { 'findings{kind="clock",severity="warning"}': '1x60' },
  };
}

let folder: string;
let rules: Rules;
let dashboard: Dashboard;
const ruleFile = () => join(folder, 'rules.json');

/** As Grafana fills in its variables. */
const filled = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$(network|node)/g, '.*');

beforeAll(async () => {
  await ensurePrometheus();
  folder = await mkdtemp(join(tmpdir(), 'check-monitoring-'));
  rules = load(await readFile(join(monitoring, 'rules.yaml'), 'utf8')) as Rules;
  dashboard = JSON.parse(await readFile(join(monitoring, 'dashboard.json'), 'utf8')) as Dashboard;
  await writeFile(ruleFile(), JSON.stringify(rules.spec));
});
afterAll(() => rm(folder, { recursive: true }));

const alerts = () => rules.spec.groups.flatMap((group) => group.rules);

describe('the alerts', () => {
  it('are rules of Prometheus', async () => {
    const { code, output } = await promtool(['check', 'rules', ruleFile()]);
    expect(output).toContain(`SUCCESS: ${alerts().length} rules found`);
    expect(code).toBe(0);
  });

  it('fire when they should and at no other time, every one', async () => {
    expect(alerts().map(({ alert }) => alert)).toEqual(Object.keys(cases));
    const tests = Object.entries(cases).flatMap(([name, { bad, good }]) =>
      ([bad, good] as const).map((series) => ({
        name: `${name} ${series === bad ? 'fires' : 'does not'}`,
        interval: '1m',
        input_series: Object.entries(series).map(([each, values]) => ({ series: metric(each), values })),
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${name}",alertstate="firing"}) or vector(0)`,
            eval_time: '25m',
            exp_samples: [{ labels: '{}', value: series === bad ? 1 : 0 }],
          },
        ],
      })),
    );
    const file = join(folder, 'tests.json');
    await writeFile(file, JSON.stringify({ rule_files: [ruleFile()], evaluation_interval: '1m', tests }));
    const { code, output } = await promtool(['test', 'rules', file]);
    expect(output).toContain('SUCCESS');
    expect(code).toBe(0);
  });
});

describe('the dashboard and the alerts', () => {
  let prometheus: RunningPrometheus;
  beforeAll(async () => void (prometheus = await startPrometheus({})));
  afterAll(() => prometheus.stop());
  const queries = () => dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => filled(expr)));
  const variables = () => dashboard.templating.list.filter(({ type }) => type === 'query').map(({ query }) => query);

  it('have queries that Prometheus understands', async () => {
    expect(queries().length).toBeGreaterThan(15);
    for (const expression of [...queries(), ...alerts().map(({ expr }) => expr)]) await prometheus.query(expression);
  });

  it('ask for metrics and labels only that a server has', () => {
    const texts = [...queries(), ...variables(), ...alerts().map(({ expr }) => expr)];
    for (const text of texts) {
      const names = [...text.matchAll(/netmachinery_check_(\w+?)(?:_bucket)?(?!\w)(?:\{([^}]*)\})?/g)];
      expect(names.length, text).toBeGreaterThan(0);
      for (const [, name = '', selector = ''] of names) {
        expect(Object.keys(known), text).toContain(name);
        for (const [, label = ''] of selector.matchAll(/(\w+)\s*[=!]/g)) expect(known[name], text).toContain(label);
      }
    }
    const used = new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/netmachinery_check_(\w+?)(?:_bucket)?(?!\w)/g)].map(([, name]) => name),
      ),
    );
    expect([...used].sort()).toEqual(Object.keys(known).sort());
  });
});

test('every metric is documented, with its labels', async () => {
  const document = await readFile(join(root, 'docs/check-metrics.md'), 'utf8');
  for (const [name, labels] of Object.entries(known)) {
    const row = document.split('\n').find((line) => line.startsWith(`| \`${metric(name)}\``)) ?? '';
    for (const label of labels) expect(row, name).toContain(`\`${label}\``);
    expect(row, name).not.toBe('');
  }
});

test('the folder is what kubectl apply -k takes', async () => {
  const text = await kubectl(['kustomize', monitoring]);
  expect([...text.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind).sort()).toEqual([
    'ConfigMap',
    'PrometheusRule',
    'ServiceMonitor',
  ]);
});
