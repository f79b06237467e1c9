// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Reason } from '../../../src/model/reason.js';
import type { ControlChoice } from '../../../src/runs/controls.js';
import type { RunRequest } from '../../../src/runs/run-request.js';
import { concludeRun } from '../../../src/runs/run-tests.js';
import { Workplaces } from '../../../src/runs/workplaces.js';
import { allTests, destination, measured, measurerBy, source } from './planned-tests.js';

const observer = { notice: () => undefined, progress: () => undefined, left: () => undefined };
const measurer = measurerBy(() => Promise.reject(new Error('nothing is measured after the end')));

/** The results of a run that was interrupted when its tests had been measured; the cluster is not asked any more. */
async function afterInterruption(control: ControlChoice, sources: string[], ...reasons: Reason[]) {
  const signal = AbortSignal.abort();
  const cluster = {} as Cluster;
  const tool = {
    image: 'toolbox',
    imagePullPolicy: 'Never' as const,
    startTimeoutMs: 1000,
    entry: { by: 'toolContainer' as const },
  };
  const options = { tool, capabilities: [], proofPods: [], proofCapabilities: [], concurrency: 1, observer };
  const workplaces = new Workplaces(cluster, { ...options, signal });
  const tests = allTests(
    sources.map((name) => source(name)),
    [destination('db')],
  );
  const plan = { tests, notes: [] };
  const prepared = { startedAt: new Date(), startedMs: 0, plan, workplaces, controls: [] };
  const request: RunRequest = {
    source: { kind: 'pod', name: 'a', text: 'a' },
    destinations: [],
    mode: 'all',
    maxPods: 10,
    expect: 'deny',
    control,
    maxLossPercent: 0,
    tool,
    concurrency: 1,
    signal,
  };
  const { results } = await concludeRun(cluster, prepared, request, measurer, measured(tests, ...reasons));
  return results.map(({ verdict, reason }) => `${verdict} ${reason}`);
}

describe('a denied test of a run that ends before its positive control', () => {
  it('says that it was interrupted, and not that there is no control', async () => {
    expect(await afterInterruption({ from: 'destination' }, ['a'], 'TimedOut')).toEqual(['error Interrupted']);
  });

  it('has no control where none was wanted', async () => {
    const found = await afterInterruption({ from: 'none' }, ['a'], 'TimedOut');
    expect(found).toEqual(['inconclusive NoPositiveControl']);
  });

  it('passes where another source had reached it already', async () => {
    const found = await afterInterruption({ from: 'otherSources' }, ['a', 'b'], 'TimedOut', 'Connected');
    expect(found).toEqual(['pass TimedOut', 'fail Connected']);
  });

  it('says nothing of it where the other source was interrupted', async () => {
    const found = await afterInterruption({ from: 'otherSources' }, ['a', 'b'], 'TimedOut', 'Interrupted');
    expect(found).toEqual(['error Interrupted', 'error Interrupted']);
  });
});
