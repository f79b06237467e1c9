// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { shapedPod, shapeReport } from './shapes.js';

// What a user tries first, on a node without netem.
let namespace = '';
let baseline = '';

beforeAll(async () => {
  const level = { 'pod-security.kubernetes.io/enforce': 'baseline' };
  [namespace, baseline] = await Promise.all([createNamespace('shape-accept'), createNamespace('shape-base', level)]);
  await Promise.all([
    createReady(namespace, shapedPod('web', { node: 'node1' })),
    createReady(baseline, shapedPod('web', { node: 'node1' })),
  ]);
});
afterAll(() => Promise.all([namespace, baseline].map(deleteNamespace)));

const dryRun = (mode: string, ...words: string[]) =>
  netmachinery(['shape', 'web', '-n', namespace, '--loss', '5%', `--dry-run=${mode}`, ...words]);

describe.concurrent('a dry run of shape', () => {
  it('says what the API server would let be done', async () => {
    const { stdout, exitCode } = await dryRun('server');
    expect(stdout).toContain(`pod ${namespace}/web would be shaped (server dry run): `);
    expect(exitCode).toBe(0);
  });

  it.each(['client', 'server'])('(%s) names the pods with -o name', async (mode) => {
    expect(await dryRun(mode, '-o', 'name')).toMatchObject({ stdout: 'pod/web\n', exitCode: 0 });
  });

  it('has the names of hosts in its commands: addresses are known in the pod', async () => {
    const words = ['--peer', 'one.example,2001:db8::7', '--exclude', 'two.example'];
    const { stdout, exitCode } = await dryRun('client', ...words);
    expect(stdout).toContain('match ip dst <addresses of one.example> flowid 6e6d:1');
    expect(stdout).toContain('match ip dst <addresses of two.example> flowid 6e6d:0');
    expect(stdout).toContain('match ip6 dst 2001:db8::7/128 flowid 6e6d:1');
    expect(exitCode).toBe(0);
  });

  it('has no report on the side of the client', async () => {
    const { stdout, stderr, exitCode } = await dryRun('client', '-o', 'json');
    expect(stderr).toContain('error: -o json cannot be used with --dry-run=client');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});

describe.concurrent('shape is refused', () => {
  it('where PodSecurity forbids it, with the level that it needs', async () => {
    const { report, exitCode } = await shapeReport(['web', '-n', baseline, '--loss', '5%']);
    expect(report.results).toMatchObject([{ verdict: 'unsupported', reason: 'PodSecurityDenied' }]);
    expect(report.results[0]?.hint).toContain(
      `needs the level "privileged" there: kubectl label namespace ${baseline} `,
    );
    expect(exitCode).toBe(5);
  });

  it('where a whole node would be shaped, ports or not', async () => {
    const words = ['shape', 'web', '-n', namespace, '--loss', '5%', '--allow-host-network', '--port', '80'];
    const { stderr, exitCode } = await netmachinery(words);
    expect(stderr).toContain('error: --allow-host-network needs --peer');
    expect(exitCode).toBe(2);
  });
});
