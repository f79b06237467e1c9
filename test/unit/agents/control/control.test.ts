// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../../../src/agents/control/main.js';
import { startProber, type RunningProber } from '../../../../src/agents/prober/prober.js';
import type { RecentProbes } from '../../../../src/model/prober.js';

let folder: string;
let prober: RunningProber;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'control-'));
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify({ endpointsMap: {}, pollingPeriod: 1e9 }));
  const own = { namespace: 'shop', pod: 'web-0', node: '', mesh: 'netmachinery', ips: ['127.0.0.1'] };
  const environment = { httpPort: 0, prometheusPort: 0, configFile, neighbours: 10, own };
  prober = await startProber({ environment, log: () => undefined });
});
afterAll(async () => {
  await prober.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
});

async function control(argv: string[], port = prober.prometheusPort) {
  vi.stubEnv('HTTP_PROMETHEUS_PORT', String(port));
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((chunk, done?: unknown) => {
      written[name] += chunk.toString();
      if (typeof done === 'function') (done as () => void)();
      return true;
    });
  }
  await run(argv);
  vi.restoreAllMocks();
  return { ...written, exitCode: process.exitCode ?? 0 };
}

describe('control', () => {
  it('prints what the prober remembers, also with a query, and its metrics', async () => {
    for (const argv of [['recent'], ['recent', 'sinceMs=1000&protocol=http']]) {
      const { stdout, stderr, exitCode } = await control(argv);
      expect(JSON.parse(stdout) as RecentProbes).toMatchObject({ kind: 'RecentProbes', pod: 'web-0' });
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    }
    expect((await control(['metrics'])).stdout).toContain('netmachinery_prober_members 0');
  });

  it('says which prober it cannot ask', async () => {
    // A port that listens to nobody: the one of discard(1), privileged.
    const refused = await control(['recent'], 9);
    expect(refused).toMatchObject({ stdout: '', exitCode: 3 });
    expect(refused.stderr).toMatch(/^the prober on port 9 cannot be asked: .*ECONNREFUSED/);
    expect((await control(['recent'], prober.pingPort)).stderr).toMatch(/answers \/recent with status 404/);
  });

  it.each([[[]], [['frob']], [['constructor']]])('refuses %j', async (argv) => {
    const { stdout, stderr, exitCode } = await control(argv);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain('metrics, peers, recent, stop');
  });
});
