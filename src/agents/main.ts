// SPDX-License-Identifier: Apache-2.0

/** The programs of the agent image; imports are lazy, so that a prober holds no more memory than it needs. */
const programs: Record<string, () => Promise<{ run: (args: string[]) => Promise<void> }>> = {
  'check-agent': () => import('./check-agent/main.js'),
  'check-report': () => import('./check-report/main.js'),
  'check-round': () => import('./check-round/main.js'),
  'check-server': () => import('./check-server/main.js'),
  'check-status': () => import('./check-status/main.js'),
  control: () => import('./control/main.js'),
  controller: () => import('./controller/main.js'),
  prober: () => import('./prober/main.js'),
  webhook: () => import('./webhook/main.js'),
};

const [name = 'prober', ...args] = process.argv.slice(2);
const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
if (program === undefined) {
  process.stderr.write(`${name} is no program of this image; there are ${Object.keys(programs).join(', ')}\n`);
  process.exitCode = 2;
} else {
  await (await program()).run(args);
}
