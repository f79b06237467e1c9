// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  checkAgentName,
  checkHostNamespace,
  checkNamespace,
  checkServerName,
  type CheckAgent,
  type CheckFinding,
  type CheckReport,
} from '../../src/model/check.js';
import { netmachinery } from '../e2e/cli.js';
import { createNamespace, deleteNamespace, images, kubectl } from '../e2e/kubectl.js';
import {
  crashPod,
  loseDirection,
  loseKubeProxy,
  loseLargePackets,
  loseUdp,
  moveClock,
  pullCable,
  stopPod,
  type Mend,
} from './breakages.js';
import { restoreApiServer, stopApiServer } from './outage.js';

/** Short, so that Outdated and Absent come soon; a round of the emulated node takes most of it. */
const intervalSeconds = 5;
/** What is broken is found within a few rounds; a slow machine is waited for. */
const foundMs = 120_000;
const everyMs = 2000;
let namespace = '';
let mend: Mend | undefined;

async function status(): Promise<CheckReport> {
  const { stdout, stderr } = await netmachinery(['check', 'status', '-o', 'json', '--request-timeout', '60s']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as CheckReport;
}

/** The report as soon as it is as wanted; what it was last is in the error. */
function once(wanted: (report: CheckReport) => void, timeout = foundMs): Promise<CheckReport> {
  return vi.waitFor(
    async () => {
      const report = await status();
      try {
        wanted(report);
      } catch (cause) {
        const { verdict, findings, nodes } = report;
        const agents = nodes.flatMap(({ name, agents: own }) =>
          own.map(({ network, state, cause: why }) => `${name}/${network} ${state} ${why ?? ''}`),
        );
        throw new Error(JSON.stringify({ verdict, agents, findings }, null, 1), { cause });
      }
      return report;
    },
    { timeout, interval: everyMs },
  );
}

const failures = ({ findings }: CheckReport) => findings.filter(({ severity }) => severity === 'failure');

/** A failure of this kind is found, with these nodes and words, and none that contradicts it. */
function finds(kind: CheckFinding['kind'], nodes: string[], words: RegExp): (report: CheckReport) => void {
  return (report) => {
    expect(failures(report)).toContainEqual(expect.objectContaining({ kind, nodes }));
    const found = failures(report).find((finding) => finding.kind === kind);
    expect(found?.message).toMatch(words);
    expect(report.verdict).toBe('fail');
  };
}

const works = (report: CheckReport): void => {
  expect(failures(report)).toEqual([]);
  expect(report.verdict).toBe('pass');
};

function agentOf({ nodes }: CheckReport, node: string, network: 'pod' | 'host'): CheckAgent | undefined {
  return nodes.find(({ name }) => name === node)?.agents.find((agent) => agent.network === network);
}

async function podsOf(name: string, where = checkNamespace): Promise<{ pod: string; node: string }[]> {
  const format = '{range .items[*]}{.metadata.name} {.spec.nodeName}{"\\n"}{end}';
  const labels = `app.kubernetes.io/name=${name}`;
  const listed = await kubectl(['get', 'pods', '-n', where, '-l', labels, '-o', `jsonpath=${format}`]);
  return listed
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([pod = '', node = '']) => ({ pod, node }));
}

async function podOn(node: string, name: string, where?: string): Promise<string> {
  const pods = await podsOf(name, where);
  return pods.find((each) => each.node === node)?.pod ?? '';
}

beforeAll(async () => {
  namespace = await createNamespace('broken');
  const how = ['--agent-image', images.agent, '--interval', `${intervalSeconds}s`, '--timeout', '280s'];
  const installed = await netmachinery(['check', 'install', ...how]);
  expect(installed.exitCode, installed.stderr).toBe(0);
});
afterAll(async () => {
  await mend?.();
  const removed = await netmachinery(['check', 'uninstall']);
  await deleteNamespace(namespace);
  expect(removed.exitCode, removed.stderr).toBe(0);
});
// Whatever the test before has broken is whole again, also where that one failed.
beforeEach(async () => {
  await mend?.();
  mend = undefined;
  await vi.waitFor(async () => works(await status()), { timeout: 200_000, interval: everyMs });
}, 240_000);

describe('what is broken on purpose is found, with its place', { timeout: 300_000, retry: 1 }, () => {
  it('a port of one protocol, as a NetworkPolicy drops it', async () => {
    mend = await loseUdp();
    await once((report) => {
      finds('port', ['node1', 'node2'], /\budp\b/i)(report);
    });
  });

  it.for([
    ['node1', 'node2'],
    ['node2', 'node1'],
  ] as const)('one direction, from %s to %s', async ([from, to]) => {
    mend = await loseDirection(from);
    await once(finds('direction', [from, to], new RegExp(`from ${from} to ${to}`)));
  });

  it('packets that are too large for one side', async () => {
    mend = await loseLargePackets(1400);
    const { findings } = await once(finds('largePackets', ['node1', 'node2'], /black hole|large/i));
    expect(findings.map(({ kind }) => kind)).not.toContain('direction');
  });

  it('the cable between the nodes', async () => {
    mend = await pullCable();
    const report = await once((seen) => {
      expect(agentOf(seen, 'node2', 'pod')?.state).not.toBe('OK');
      expect(failures(seen).some(({ nodes, message }) => nodes.includes('node2') && /node2/.test(message))).toBe(true);
    });
    expect(report.verdict).toBe('fail');
    expect(agentOf(report, 'node1', 'pod')?.state).toBe('OK');
  });

  it('one of two name servers', async () => {
    const [dead = ''] = (await kubectl(['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns', '-o', 'name']))
      .trim()
      .split('\n')
      .map((name) => name.replace('pod/', ''));
    mend = await stopPod('kube-system', dead);
    await once((report) => {
      const found = failures(report).find(({ kind }) => kind === 'dnsServer');
      expect(found?.message).toContain(dead);
    });
  });

  it('a kube-proxy that is gone with its rules', async () => {
    mend = await loseKubeProxy();
    await once((report) => {
      const found = failures(report).find(({ kind }) => kind === 'virtualAddress');
      expect(found?.nodes).toEqual(['node1']);
      expect(found?.message).toMatch(/node1/);
    });
  });

  it('the clock of a node, which makes nothing late', async () => {
    mend = await moveClock(namespace, 3600);
    const report = await once(({ findings }) => {
      expect(findings).toContainEqual(
        expect.objectContaining({ kind: 'clock', nodes: ['node2'], severity: 'warning' }),
      );
    });
    expect(report.verdict).toBe('pass');
    expect(agentOf(report, 'node2', 'pod')?.state).toBe('OK');
  });

  it('an agent that says nothing: Outdated, then Absent, and a finding each', async () => {
    mend = await stopPod(checkNamespace, await podOn('node1', checkAgentName));
    const late = await once((report) => expect(agentOf(report, 'node1', 'pod')?.state).toBe('Outdated'));
    expect(failures(late).map(({ kind }) => kind)).toContain('agentOutdated');
    const gone = await once((report) => expect(agentOf(report, 'node1', 'pod')?.state).toBe('Absent'));
    expect(failures(gone).map(({ kind }) => kind)).toContain('agentAbsent');
    expect(agentOf(gone, 'node1', 'host')?.state).toBe('OK');
    await mend();
    mend = undefined;
    const { outages } = await once(works);
    expect(outages).toContainEqual(
      expect.objectContaining({ node: 'node1', network: 'pod', to: expect.any(String) as string }),
    );
  });
});

describe('what is replaced or restarted loses nothing', { timeout: 300_000, retry: 1 }, () => {
  it('an agent that is killed is back under a new name, and its node was well all the time', async () => {
    const killed = await podOn('node1', checkAgentName);
    const before = (await status()).outages.length;
    await kubectl(['delete', 'pod', '-n', checkNamespace, killed, '--grace-period=0', '--force']);
    const report = await once((seen) => {
      expect(agentOf(seen, 'node1', 'pod')?.pod).not.toBe(killed);
      works(seen);
    });
    expect(report.outages).toHaveLength(before);
  });

  it('a server that is killed while agents report: the history is there, and nobody is late', async () => {
    const stopped = await stopPod(checkHostNamespace, await podOn('node1', checkAgentName, checkHostNamespace));
    mend = stopped;
    await once((report) => expect(agentOf(report, 'node1', 'host')?.state).toBe('Outdated'));
    await stopped();
    const before = await once(works);
    for (const { pod, node } of await podsOf(checkServerName))
      if (node === 'node1') await crashPod(checkNamespace, pod);
    const lease = ['get', 'lease', '-n', checkNamespace, checkServerName, '-o', 'jsonpath={.spec.holderIdentity}'];
    const holder = await kubectl(lease);
    const leader = (await podsOf(checkServerName)).find(({ pod }) => holder.startsWith(pod))?.pod;
    if (leader !== undefined)
      await kubectl(['delete', 'pod', '-n', checkNamespace, leader, '--grace-period=0', '--force']);
    const after = await once((report) => {
      works(report);
      expect(report.nodes.flatMap(({ agents }) => agents.map(({ state }) => state))).toEqual(['OK', 'OK', 'OK', 'OK']);
    });
    expect(after.outages).toEqual(expect.arrayContaining(before.outages));
    expect(after.outages).toHaveLength(before.outages.length);
  });

  it('an API server that crashes and comes back', async () => {
    const before = (await status()).outages.length;
    await stopApiServer('crash');
    mend = restoreApiServer;
    await new Promise((resolve) => setTimeout(resolve, 2000 * intervalSeconds));
    await mend();
    mend = undefined;
    const report = await once(works);
    expect(report.outages).toHaveLength(before);
  });
});
