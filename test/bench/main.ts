// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Failure } from '../../src/errors/failure.js';
import { clusterUp } from '../cluster/cluster.js';
import { createNamespace, kubectl } from '../e2e/kubectl.js';
import type { Bench } from './bench.js';
import { checkOnce } from './check-once.js';
import { checkServer } from './check-server/bench.js';
import { footprint } from './footprint.js';
import { grid } from './grid.js';
import { largeCluster } from './large-cluster.js';
import { coldPing, warmPing } from './ping-one.js';
import { renderRows } from './print.js';
import { prober } from './prober.js';
import type { Row } from './row.js';
import { silence } from './silence.js';
import { startUp } from './start-up.js';
import { suite } from './suite.js';

const benches: readonly Bench[] = [
  startUp,
  warmPing,
  coldPing,
  grid,
  suite,
  silence,
  footprint,
  prober,
  checkOnce,
  checkServer,
  largeCluster,
];

/** Which run of the bench a namespace belongs to. */
const runLabel = 'netmachinery.test/bench-run';

const usage = `usage: npm run bench -- [--only NAME]... [--json-file FILE]

Compares the built plugin with kubectl and Node.js on the test cluster, which it starts if need be. Nothing is asserted:
the exit code is 0 unless something could not be run.

${benches.map(({ name, summary }) => `${name.padEnd(12)}  ${summary}`).join('\n')}
`;

function chosen(names: readonly string[] | undefined): readonly Bench[] {
  if (names === undefined) return benches;
  return names.map((name) => {
    const bench = benches.find((one) => one.name === name);
    if (bench === undefined) throw new Failure('usage', usage);
    return bench;
  });
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs the benches in a namespace of their own; it is deleted however they end. */
async function measure(selected: readonly Bench[], signal: AbortSignal): Promise<Row[]> {
  const run = `${process.pid}-${Date.now()}`;
  let namespace: Promise<string> | undefined;
  const rows: Row[] = [];
  try {
    for (const bench of selected) {
      signal.throwIfAborted();
      const context = {
        namespace: () => (namespace ??= createNamespace('bench', { [runLabel]: run })),
        signal,
        progress,
      };
      rows.push(...(await bench.measure(context)));
    }
    return rows;
  } finally {
    // By its label: an interruption may have come after it was made and before its name was known here.
    if (namespace !== undefined) await kubectl(['delete', 'namespace', '-l', `${runLabel}=${run}`, '--wait=false']);
  }
}

async function main(args: string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { only: { type: 'string', multiple: true }, 'json-file': { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const selected = chosen(values.only);
  Object.assign(process.env, await clusterUp({ node2: false }));
  const [load = 0] = loadavg();
  progress(`${cpus().length} processors, load ${load.toFixed(1)}: what counts are the ratios`);
  const rows = await measure(selected, signal);
  process.stdout.write(`${renderRows(rows)}\n`);
  const file = values['json-file'];
  if (file !== undefined) await writeFile(file, `${JSON.stringify({ measuredAt: new Date(), rows }, undefined, 2)}\n`);
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort());
try {
  await main(process.argv.slice(2), interruption.signal);
} catch (thrown) {
  const { aborted } = interruption.signal;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  process.stderr.write(`${aborted ? 'interrupted' : message}\n`);
  process.exitCode = aborted ? 130 : 1;
}
