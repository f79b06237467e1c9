// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import schema from '../../plugins-manifest/schemas/mesh.v1.json' with { type: 'json' };
import type { Mesh, MeshPair, MeshReport } from '../../src/model/mesh.js';
import { account, deleteClusterRoles, runAs } from './accounts.js';
import { launchers, netmachinery, onTerminal, type CliResult } from './cli.js';
import { createNamespace, deleteNamespace, images, kubectl } from './kubectl.js';
import { ownPods } from './own-pods.js';
import { startMesh, writePeerLists, type MeshPod } from './mesh-pods.js';
import { validatorOf } from '../unit/validator.js';

const isValid = validatorOf(schema);

let shop = '';
let bank = '';
let mesh = '';
let members: MeshPod[] = [];
const wait = { timeout: 90_000, interval: 500 };

beforeAll(async () => {
  expect(images.agent).not.toBe('');
  [shop, bank] = await Promise.all([createNamespace('mesh-shop'), createNamespace('mesh-bank')]);
  // Other tests have meshes too.
  mesh = shop;
  members = [
    ...['web-0', 'web-1', 'api-0', 'api-1', 'db'].map((name) => ({ namespace: shop, name })),
    ...['web-0', 'ledger-0', 'ledger-1', 'audit', 'victim'].map((name) => ({ namespace: bank, name })),
  ];
  await startMesh(mesh, members);
  await allKnown('1m');
}, 240_000);
afterAll(async () => {
  await Promise.all([deleteNamespace(shop), deleteNamespace(bank), deleteClusterRoles(shop)]);
});

async function report(words: readonly string[], run = netmachinery): Promise<CliResult & { report: MeshReport }> {
  const result = await run(['mesh', '--mesh', mesh, ...words, '-o', 'json']);
  try {
    return { ...result, report: JSON.parse(result.stdout) as MeshReport };
  } catch (cause) {
    throw new Error(`no report (exit code ${String(result.exitCode)}):\n${result.stdout}${result.stderr}`, { cause });
  }
}

async function one(...words: string[]): Promise<Mesh> {
  const [only, ...more] = (await report(words)).report.meshes;
  if (only === undefined || more.length > 0) throw new Error(`${more.length + 1} meshes`);
  return only;
}

const ofHttp = ({ pairs }: Mesh) => pairs.filter(({ protocol }) => protocol === 'http');
const known = (each: Mesh) => ofHttp(each).filter(({ sent, failed }) => sent > failed).length;
/** Waits until each has found all others. */
const allKnown = (since: string) =>
  vi.waitFor(async () => expect(known(await one('-A', '--since', since))).toBe(90), wait);
const pairOf = (each: Mesh, source: string, destination: string): MeshPair | undefined =>
  ofHttp(each).find((pair) => pair.source === source && pair.destination === destination);

describe('mesh', () => {
  it('has every pair with its figures, by the schema', async () => {
    const { report: found, exitCode, stderr } = await report(['-A']);
    expect(isValid(found), JSON.stringify(isValid.errors)).toBe(true);
    expect(exitCode).toBe(0);
    // The machine may be too busy for a probe now and then.
    expect(stderr).toMatch(
      new RegExp(`^mesh ${mesh}: 10 members, 90 http pairs, (none|\\d+) failing; worst: \\S+ -> \\S+, `, 'm'),
    );
    const [only] = found.meshes;
    expect(only).toMatchObject({ name: mesh, periodMs: 500 });
    expect(only?.members).toHaveLength(10);
    for (const member of only?.members ?? [])
      expect(member).toMatchObject({ pods: 1, read: 1, unread: 0, node: 'node1' });
    const rtt = async () => pairOf(await one('-A', '--since', '1m'), `${shop}/web-0`, `${bank}/web-0`)?.rttMs;
    await expect.poll(rtt, wait).toHaveProperty('p95');
    const { min = Infinity, p50 = 0, p95 = 0, max = 0 } = (await rtt()) ?? {};
    expect([min, p50, p95, max]).toEqual([min, p50, p95, max].sort((a, b) => a - b));
    for (const protocol of ['tcp', 'icmp']) {
      const sent = async () => (await one('-A')).pairs.filter((each) => each.protocol === protocol && each.sent > 0);
      await expect.poll(sent, wait).toHaveLength(90);
    }
  });

  it('reads the probers of a namespace, by labels, by names, and by mesh', async () => {
    const sources = async (...words: string[]) => [...new Set(ofHttp(await one(...words)).map(({ source }) => source))];
    expect(await sources('-n', shop)).toHaveLength(5);
    expect(await sources('-n', bank, 'ledger-0', 'audit')).toEqual([`${bank}/audit`, `${bank}/ledger-0`]);
    expect(await sources('-A', '-l', 'app=web-0')).toEqual([`${bank}/web-0`, `${shop}/web-0`]);
    const names = await netmachinery(['mesh', '-n', shop, '-o', 'name']);
    expect(names.stdout).toBe('pod/api-0\npod/api-1\npod/db\npod/web-0\npod/web-1\n');
  });

  it('pools by node and by workload', async () => {
    const byNode = await one('-A', '--by', 'node');
    expect(byNode.members).toEqual([{ name: 'node1', pods: 10, read: 10, unread: 0 }]);
    expect(ofHttp(byNode)).toMatchObject([{ source: 'node1', destination: 'node1' }]);
    expect(ofHttp(byNode)[0]?.rttMs).toHaveProperty('p99');
    const byWorkload = await one('-A', '--by', 'workload');
    expect(byWorkload.members.map(({ name }) => name)).toContain(`${bank}/pod/audit`);
  });

  it('draws a matrix that fits a terminal, coloured there only', async () => {
    const words = [...launchers.executable, 'mesh', '-A', '--mesh', mesh];
    for (const columns of [80, 200]) {
      const { screen, exitCode } = await onTerminal(words, () => true, '', { columns, rows: 50 });
      expect(exitCode).toBe(0);

      // What is erased again, as a spinner's frames are, is not seen.
      const seen = screen.replaceAll(/[^\n]*\u001b\[2K/g, '');
      const plain = seen.replaceAll(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').split(/\r?\n/);
      for (const line of plain.filter((each) => !/^(mesh|Note:) /.test(each)))
        expect(line.length, line).toBeLessThanOrEqual(columns);
      expect(plain.filter((line) => / \d+\.?\d*( |$)/.test(line)).length).toBeGreaterThanOrEqual(10);
      expect(screen).toContain('\u001b[48;5;');
    }
    const piped = await netmachinery(['mesh', '-A', '--mesh', mesh], { env: { TERM: 'xterm-256color' } });
    expect(piped.stdout).not.toContain('\u001b');
    expect(piped.stdout).toMatch(/^SOURCE +audit .* victim /);
    expect(piped.stdout).toMatch(/^http, median in ms, last 30s/m);
  });

  it('writes csv, html and a list', async () => {
    const run = async (...words: string[]) =>
      (await netmachinery(['mesh', '-n', shop, '--mesh', mesh, ...words])).stdout;
    const csv = (await run('-o', 'csv', '--protocol', 'tcp')).trimEnd().split('\r\n');
    expect(csv[0]).toMatch(/^mesh,source,destination,protocol,sent,failed,lossPercent,failures,rttMinMs,/);
    expect(csv).toHaveLength(1 + 45);
    const page = await run('-o', 'html');
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).toMatch(/<h1>(No failures between 135 pairs|\d+ of 135 pairs have failures)<\/h1>/);
    expect(page).not.toMatch(/<script|src=|href="http/);
    const wide = (await run('-o', 'wide', '--protocol', 'http')).trimEnd().split('\n');
    expect(wide[0]).toMatch(/^SOURCE +DESTINATION +PROTOCOL +SENT +FAILED +LOSS +MIN MS +P50 MS +P95 MS/);
    expect(wide).toHaveLength(1 + 45);
  });

  it('executes in the containers where the proxy is not allowed, and says what is missing where neither is', async () => {
    const user = await account(shop, 'executor', ['mesh', '-n', shop, '-c', 'net-prober']);
    const asUser = (args: readonly string[]) => runAs(user, args);
    const { report: found, exitCode } = await report(['-n', shop, '--protocol', 'http'], asUser);
    expect(exitCode).toBe(0);
    expect(found.meshes[0]?.members.filter(({ read }) => read === 1)).toHaveLength(5);
    expect(found.meshes[0] && ofHttp(found.meshes[0])).toHaveLength(45);
    const proxied = await account(shop, 'reader', ['mesh', '-n', shop]);
    expect((await report(['-n', shop], (args) => runAs(proxied, args))).exitCode).toBe(0);
    const nobody = await account(shop, 'nobody', ['mesh', '-n', shop], { lacks: 'get pods/proxy' });
    const denied = await runAs(nobody, ['mesh', '-n', shop, '--mesh', mesh]);
    expect(denied).toMatchObject({ exitCode: 3, stdout: '' });
    expect(denied.stderr).toMatch(/none of 5 probers could be read: .*pods\/proxy/);
    expect(denied.stderr).toContain(`kubectl netmachinery rbac mesh -n ${shop}`);
  });

  it.each([
    [['-n', 'no-such-namespace'], /namespaces "no-such-namespace" not found/],
    [
      ['-n', 'default', '--mesh', 'no-such-mesh'],
      /no probers found of mesh no-such-mesh in namespace default[^]*inject/,
    ],
    [['-A', 'web'], /across all namespaces/],
    [['--since', '10ms'], /--since: at least 1000ms/],
    [['--watch', '-o', 'json'], /exclude each other/],
    [['--by', 'zone'], /--by: must be one of pod, workload, node/],
  ])('refuses %j', async (words, message) => {
    const result = await netmachinery(['mesh', ...words]);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('mesh, when a member goes', () => {
  it('shows it failing, then without it, and says so in a line each with --watch', async () => {
    // Where this is tried again, the last try may have taken it out of the lists already.
    await ownPods(bank, 'victim');
    await writePeerLists(mesh, [shop, bank], members);
    await allKnown('5s');
    let shown = '';
    let stop = (): void => undefined;
    const watching = netmachinery(['mesh', '-A', '--mesh', mesh, '--since', '5s', '--watch'], {
      onStart: (child) => {
        child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
        stop = () => void child.kill('SIGINT');
      },
    });
    await expect.poll(() => shown, wait).toContain('10 members');
    const victim = `${bank}/victim`;
    await kubectl(['delete', 'pod', '-n', bank, 'victim', '--wait']);
    // It is in the lists still.
    const failing = async () => pairOf(await one('-A', '--since', '5s'), `${shop}/web-0`, victim)?.lossPercent;
    await expect.poll(failing, wait).toBe(100);
    const table = async () => netmachinery(['mesh', '-A', '--mesh', mesh, '--since', '5s']);
    expect((await table()).stdout).toMatch(/✗100%/);
    // For a moment its address refuses: the prober ends before the pod's network does.
    await expect
      .poll(async () => (await table()).stderr, wait)
      .toMatch(/\d+ failing; worst: \S+ -> \S+\/victim, \d+ of \d+ probes failed \((timeout|unreachable) \d+\)/);
    await expect
      .poll(() => shown, wait)
      .toMatch(new RegExp(`${shop}/db -> ${victim} failing: \\d+ of \\d+ probes failed`));

    await writePeerLists(mesh, [shop, bank], members.slice(0, -1));
    const names = async () => (await one('-A', '--since', '5s')).members.map(({ name }) => name);
    await expect.poll(names, wait).not.toContain(victim);
    await expect.poll(() => shown, wait).toContain(`${victim} is gone`);
    stop();
    expect((await watching).exitCode).toBe(130);
    await expect.poll(async () => ofHttp(await one('-A', '--since', '5s')), wait).toHaveLength(72);
  });
});
