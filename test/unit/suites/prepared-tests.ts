// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../../src/kube/cluster.js';
import type { Reason } from '../../../src/model/reason.js';
import type { RunRequest } from '../../../src/runs/run-request.js';
import { Workplaces } from '../../../src/runs/workplaces.js';
import type { PreparedTest } from '../../../src/suites/prepare-tests.js';
import type { SuiteProbe } from '../../../src/suites/suite-probe.js';
import type { Destination } from '../../../src/targets/destination.js';
import { allTests, measurement, measurerBy, source } from '../runs/planned-tests.js';
import { networkTest, oneTest, read } from './suites.js';

const observer = { notice: () => undefined, progress: () => undefined, left: () => undefined };
const [suite] = read(networkTest({ tests: [{ name: 'one', from: 'deploy/web', to: 'svc/api:80' }] })).suites;
export const tool: RunRequest['tool'] = {
  image: 'toolbox',
  imagePullPolicy: 'Never',
  startTimeoutMs: 1000,
  entry: { by: 'toolContainer' },
};

/** Pods that nobody enters. */
function workplaces(): Workplaces {
  const { signal } = new AbortController();
  const options = { tool, capabilities: [], proofPods: [], proofCapabilities: [], concurrency: 1, signal, observer };
  return new Workplaces({} as Cluster, options);
}

/**
 * A test from the pod of this name to destinations, with its own measurer, which finds `reason` and writes into `log` what it
 * was asked for, as `NAME: POD -> DESTINATION`.
 */
export function prepared(
  name: string,
  { to, probe, reason = 'Connected', log = [], unsupported }: PreparedChoice,
): PreparedTest {
  const places = workplaces();
  const measurer = measurerBy((tests, where) => {
    const at = where === places ? '' : ' in pods of another test';
    log.push(...tests.map(({ source: from, destination }) => `${name}: ${from.name} -> ${destination.ref}${at}`));
    return Promise.resolve(new Map(tests.map(({ index }) => [index, measurement(reason)])));
  });
  const request: RunRequest = {
    source: { kind: 'pod', name, text: name },
    destinations: [],
    mode: 'one',
    maxPods: 10,
    expect: 'deny',
    control: { from: 'otherSources' },
    maxLossPercent: 0,
    tool,
    concurrency: 1,
    signal: new AbortController().signal,
  };
  const plan = { tests: allTests([source(name)], to), notes: [] };
  if (suite === undefined) throw new Error('no suite was read');
  return {
    suite,
    test: { ...oneTest({ name }), ...(probe === undefined ? {} : { probe }) },
    request,
    measurer,
    run: { startedAt: new Date(0), startedMs: 0, plan, controls: [], workplaces: places },
    ...(unsupported === undefined ? {} : { unsupported }),
  };
}

interface PreparedChoice {
  to: readonly Destination[];
  /** By default connect. */
  probe?: SuiteProbe;
  reason?: Reason;
  log?: string[];
  unsupported?: string;
}
