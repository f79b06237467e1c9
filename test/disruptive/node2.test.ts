// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report, Result } from '../../src/model/report.js';
import { ensureNode2, isNode2Wanted } from '../cluster/node2/recovery.js';
import { netmachinery, type CliResult } from '../e2e/cli.js';
import { during } from '../e2e/during.js';
import { createNamespace, createReady, deleteNamespace, podManifest } from '../e2e/kubectl.js';
import { serverPod } from '../e2e/manifests.js';
import { expectNothingLeft } from '../e2e/nothing-left.js';
import { killNode2 } from './outage.js';

let namespace = '';
/** The emulated machine is slow. */
const patience = ['--connect-timeout', '2s', '--tool-timeout', '60s'];

beforeAll(async () => {
  if (!isNode2Wanted) return;
  await ensureNode2();
  namespace = await createNamespace('power');
  await createReady(namespace, serverPod('here'), serverPod('far', { node: 'node2' }), podManifest('source'));
  // Both tool containers are there before the power fails.
  const patient = ['--connect-timeout', '10s', '--tool-timeout', '4m', '--timeout', '5m'];
  const quick = ['-n', namespace, 'here', '--count', '1', ...patient];
  await Promise.all(['far', 'source'].map((source) => netmachinery(['ping', source, ...quick])));
}, 900_000);
afterAll(async () => {
  if (namespace !== '') await deleteNamespace(namespace);
  if (isNode2Wanted) await ensureNode2();
}, 900_000);

function onlyResult({ stdout }: CliResult): Result {
  const { results } = JSON.parse(stdout) as Report;
  expect(results).toHaveLength(1);
  return results[0] as Result;
}

it.runIf(isNode2Wanted)('a node that loses power ends no run with a pass, and none too late', async () => {
  const where = ['-n', namespace];
  const long = ['--count', '100', '--interval', '100ms', ...patience, '--timeout', '40s', '-o', 'json'];
  let begun = 0;
  // Those that wait for nobody: what is seen of them is that some seconds have passed.
  const afterSeconds = () => Promise.resolve((begun ||= performance.now()) + 4000 < performance.now());
  let killed: Promise<void> | undefined;
  const kill = () => (killed ??= killNode2());
  const [from, to, aside] = await Promise.all([
    during(['ping', ...where, 'far', 'here', ...long], afterSeconds, kill),
    during(['ping', ...where, 'source', 'far', ...long], afterSeconds, kill),
    during(['ping', ...where, 'source', 'here', ...long], afterSeconds, kill),
  ]);
  // The source cannot be asked any more, and the connection to it does not break.
  expect(onlyResult(from)).toMatchObject({ verdict: 'error' });
  expect(onlyResult(from).reason).toMatch(/^(DeadlineExceeded|ConnectionLost)$/);
  expect(from.exitCode).toBe(3);
  expect(from.ms).toBeLessThan(60_000);
  // The destination is lost in the midst.
  expect(onlyResult(to)).toMatchObject({ verdict: 'fail', reason: 'PacketLoss', sent: 100 });
  expect(onlyResult(to).received).toBeGreaterThan(0);
  expect(to.exitCode).toBe(1);
  // Others do not notice.
  expect(onlyResult(aside)).toMatchObject({ verdict: 'pass', received: 100 });
  expect(aside.exitCode).toBe(0);
  await expectNothingLeft(namespace, 'source');
});
