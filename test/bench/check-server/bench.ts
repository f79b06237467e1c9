// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectCluster } from '../../../src/kube/connect.js';
import type { Cluster } from '../../../src/kube/cluster.js';
import { pause } from '../../../src/kube/pause.js';
import { checkAuthorityName, checkNamespace, checkServerName, defaultIntervalMs } from '../../../src/model/check.js';
import { runCommand } from '../../cluster/run-command.js';
import { token } from '../../integration/agents/check-server-world.js';
import type { Bench, BenchContext } from '../bench.js';
import { measuredRow, type Row } from '../row.js';
import { createCrowd, type CrowdAgent } from './crowd.js';
import { end, startControlPlane, type PrivateControlPlane } from './private-control-plane.js';
import { report, type Answers } from './reporting.js';
import { page, quantileMs, seriesOf, serverReady, startServer, usage } from './server-process.js';

/** An agent of each network on each: 1,000. */
const nodes = 500;
/** Then what may lag is being written, as it goes on for good (src/agents/check-server/agent-book.ts). */
const settleIntervals = 19;
const measuredIntervals = 8;
const manifests = join(import.meta.dirname, '../../../plugins-manifest/agents/check');
const handling = 'netmachinery_check_report_handling_seconds';
const written = 'netmachinery_check_writes_total{result="ok"}';

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Counts every change of any object, those of the API server itself among them. */
async function revision(admin: Cluster): Promise<number> {
  const { metadata } = await admin.get<{ metadata: { resourceVersion: string } }>('/api/v1/namespaces?limit=1');
  return Number(metadata.resourceVersion);
}

async function authorityOf(admin: Cluster): Promise<string> {
  const path = `/api/v1/namespaces/${checkNamespace}/configmaps/${checkAuthorityName}`;
  return (await admin.get<{ data: { 'ca.crt': string } }>(path)).data['ca.crt'];
}

async function whileReporting(
  admin: Cluster,
  crowd: readonly CrowdAgent[],
  pid: number,
  { signal, progress }: BenchContext,
): Promise<Row[]> {
  const over = new AbortController();
  // Every agent listens to it.
  setMaxListeners(0, over.signal);
  const answers: Answers = { ms: [], failed: [] };
  const reporting = crowd.map((agent, index) => {
    const firstMs = (index / crowd.length) * defaultIntervalMs;
    return report(agent, { intervalMs: defaultIntervalMs, firstMs, signal: over.signal, answers });
  });
  /** With a page for Prometheus each; returns the most memory that was held. */
  const intervals = async (count: number): Promise<number> => {
    let mostMb = 0;
    for (let index = 0; index < count; index++) {
      for (let second = 0; second < defaultIntervalMs / 1000; second++) {
        await pause(1000, signal);
        mostMb = Math.max(mostMb, (await usage(pid)).rssMb);
      }
      await page();
    }
    return mostMb;
  };
  try {
    await intervals(1);
    const first = answers.ms.splice(0);
    progress(
      `check-server: ${first.length} first reports, p99 ${quantile(first, 0.99).toFixed(0)} ms; until it is quiet`,
    );
    await intervals(settleIntervals - 1);
    answers.ms.splice(0);
    const at = async () => ({
      ms: performance.now(),
      text: await page(),
      cpuSeconds: (await usage(pid)).cpuSeconds,
      revision: await revision(admin),
    });
    const before = await at();
    const rssMb = await intervals(measuredIntervals);
    const after = await at();
    const seconds = (after.ms - before.ms) / 1000;
    const { ms, failed } = answers;
    progress(
      `check-server: ${ms.length} reports in ${seconds.toFixed(0)} s, ${failed.length} failed ${failed[0] ?? ''}`,
    );
    const each = `${crowd.length.toLocaleString('en')} agents:`;
    const perSecond = (count: number): number[] => [count / seconds];
    return [
      measuredRow({ name: `${each} first report, p99` }, [quantile(first, 0.99)]),
      measuredRow({ name: `${each} report, p50` }, [quantile(ms, 0.5)]),
      measuredRow({ name: `${each} report, p99`, budget: { atMost: 50 } }, [quantile(ms, 0.99)]),
      measuredRow({ name: '  of it in the server, p99 at most' }, [
        quantileMs(before.text, after.text, handling, 0.99),
      ]),
      measuredRow({ name: `${each} reports that failed`, unit: 'requests', budget: { atMost: 0 } }, [failed.length]),
      measuredRow({ name: `${each} memory of the server`, unit: 'MB', budget: { atMost: 200 } }, [rssMb]),
      measuredRow(
        { name: `${each} changes in the API`, unit: '/s', budget: { atMost: 5 } },
        perSecond(after.revision - before.revision),
      ),
      measuredRow(
        { name: '  of them CheckAgents', unit: '/s' },
        perSecond(seriesOf(after.text, written) - seriesOf(before.text, written)),
      ),
      measuredRow(
        { name: `${each} processor time`, unit: '%' },
        perSecond(100 * (after.cpuSeconds - before.cpuSeconds)),
      ),
    ];
  } finally {
    over.abort();
    await Promise.all(reporting);
  }
}

async function inControlPlane(plane: PrivateControlPlane, context: BenchContext): Promise<Row[]> {
  const { folder, kubeconfig, kubeconfigOf } = plane;
  // Without controllers nothing comes of the Deployment and the DaemonSets.
  await runCommand('kubectl', ['--kubeconfig', kubeconfig, 'apply', '--server-side', '-k', manifests]);
  const admin = await connectCluster({ kubeconfig });
  try {
    context.progress(`check-server: ${nodes} nodes with two agents each`);
    const authority = join(folder, 'authority.crt');
    const crowd = await createCrowd(admin, nodes, { folder, authority });
    const expirationSeconds = 3600;
    const own = await token(admin, checkNamespace, checkServerName, { audiences: [], expirationSeconds });
    const server = startServer(await kubeconfigOf('server', own));
    try {
      await serverReady(server);
      await writeFile(authority, await authorityOf(admin));
      return await whileReporting(admin, crowd, server.pid ?? 0, context);
    } finally {
      await end(server);
    }
  } finally {
    admin.close();
  }
}

/** The server of an installed check with a thousand agents that are well, each with a token of its own and a connection for each report. */
export const checkServer: Bench = {
  name: 'check-server',
  summary: '1,000 agents that report each 15 s: time of a report, memory, writes (7 min)',
  measure: async (context) => {
    const plane = await startControlPlane(context.progress);
    try {
      return await inControlPlane(plane, context);
    } finally {
      await plane.stop();
    }
  },
};
