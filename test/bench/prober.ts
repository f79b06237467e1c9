// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../src/errors/failure.js';
import { bundleProber, peerListOf, startProberProcess } from '../probers/prober-process.js';
import type { Bench, BenchContext } from './bench.js';
import { measuredRow, type Row } from './row.js';

const members = 10;
const periodMs = 1000;
/** By then Node.js has compiled what runs each second, and what it measures is the usual. */
const warmUpSeconds = 60;
const rounds = 3;
const roundSeconds = 20;
const firstPort = 21_000;

async function inFolder(folder: string, { signal, progress }: BenchContext): Promise<Row[]> {
  const bundle = join(folder, 'prober.mjs');
  const configFile = join(folder, 'config.json');
  await bundleProber(bundle);
  const mesh = Array.from({ length: members }, (_, index) => ({
    pod: `web-${index}`,
    ip: `127.0.1.${index + 1}`,
    port: firstPort + index,
  }));
  await writeFile(configFile, peerListOf(mesh, periodMs));
  const probers = mesh.map(({ pod, ip, port: httpPort }) =>
    startProberProcess(bundle, { pod, ip, httpPort, prometheusPort: httpPort + members, configFile, neighbours: 10 }),
  );
  try {
    progress(`prober: ${members} of them, ${warmUpSeconds} s to warm up, ${rounds} rounds of ${roundSeconds} s`);
    await pause(warmUpSeconds * 1000, undefined, { signal });
    const cpu: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      const before = probers.map((prober) => prober.cpuSeconds());
      await pause(roundSeconds * 1000, undefined, { signal });
      const seconds = (performance.now() - startedMs) / 1000;
      cpu.push(...probers.map((prober, index) => (100 * (prober.cpuSeconds() - (before[index] ?? 0))) / seconds));
    }
    const text = (await probers[0]?.metrics()) ?? '';
    const probed = /^netmachinery_probe_duration_seconds_count\{protocol="http"/gm;
    if ([...text.matchAll(probed)].length !== members - 1) throw new Failure('tool', `not all are probed:\n${text}`);
    const memory = probers.map((prober) => prober.rssMb());
    const name = `prober, ${members} members, each ${periodMs / 1000} s`;
    return [
      measuredRow({ name: `${name}: processor`, unit: '%', budget: { atMost: 2 } }, cpu),
      measuredRow({ name: '  memory', unit: 'MB', budget: { atMost: 64 } }, memory),
    ];
  } finally {
    await Promise.all(probers.map((prober) => prober.stop()));
  }
}

/** A mesh of real probers on loopback: each probes the others over all protocols, answers them, and is measured. */
export const prober: Bench = {
  name: 'prober',
  summary: 'processor and memory of a prober among ten',
  measure: async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'netmachinery-bench-'));
    try {
      return await inFolder(folder, context);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
