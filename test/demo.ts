// SPDX-License-Identifier: Apache-2.0
import { delimiter, join } from 'node:path';
import chalk from 'chalk';
import { clusterDown, clusterEnvironment, clusterRuns } from './cluster/cluster.js';
import { runCommand } from './cluster/run-command.js';
import { play, runHere, say } from './demo/play.js';
import { story } from './demo/story.js';

const root = join(import.meta.dirname, '..');

/** Set by the first Ctrl-C, which the terminal sends to the running command as well; that one cleans up by itself. */
let signals = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => (signals += 1));
const interrupted = () => signals > 0;

/**
 * Starts the cluster in a process of its own, so that an interruption ends the start at once and what was half started
 * can be taken down from here.
 */
async function startCluster(): Promise<number> {
  const ranBefore = await clusterRuns();
  say(
    `${chalk.bold('A Kubernetes cluster on this machine')}: real components, two nodes, a workload. The very first time it is built, for many minutes; later starts take seconds.\n`,
  );
  const exitCode = await runHere(process.execPath, [
    ...process.execArgv,
    join(import.meta.dirname, 'cluster/main.ts'),
    'up',
    // Its kernel can delay packets.
    '--node2',
  ]);
  if (interrupted() && !ranBefore) {
    say('Interrupted; taking down what was started.');
    await clusterDown();
  }
  return exitCode;
}

/** Applies the demo's own pod and waits for it. */
async function addVault(env: NodeJS.ProcessEnv): Promise<void> {
  const manifest = join(import.meta.dirname, 'demo/vault.yaml');
  const kubectl = (...args: string[]) => runCommand('kubectl', args, { env });
  await kubectl('apply', '--filename', manifest, '--selector=netmachinery.test/purpose=demo');
  // Pods are refused until their namespace has its service account.
  await kubectl('wait', '--namespace=demo', '--for=create', 'serviceaccount/default', '--timeout=30s');
  await kubectl('apply', '--filename', manifest);
  await kubectl('wait', '--namespace=demo', '--for=condition=Ready', 'pod/vault', '--timeout=60s');
}

function showHowToGoOn(): void {
  say(`${chalk.bold('The cluster stays up.')} To go on by yourself in this folder:

  eval "$(npm run --silent cluster -- env)"
  export PATH="$PWD/bin:$PATH"
  kubectl netmachinery ping --help

and to remove every trace of it:

  npm run cluster -- down`);
}

async function demo(): Promise<number> {
  const started = await startCluster();
  if (interrupted()) return 130;
  if (started !== 0) return 1;
  const cluster = await clusterEnvironment();
  const env = { ...process.env, ...cluster, PATH: join(root, 'bin') + delimiter + cluster.PATH };
  await addVault(env);
  const differences: string[] = [];
  for (const scene of story) {
    const difference = await play(scene, env);
    if (interrupted()) {
      showHowToGoOn();
      return 130;
    }
    if (difference !== undefined) differences.push(difference);
  }
  showHowToGoOn();
  if (differences.length === 0) return 0;
  process.stderr.write(`\n${chalk.red('Not as expected:')}\n${differences.map((line) => `- ${line}\n`).join('')}`);
  return 1;
}

try {
  process.exitCode = await demo();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = interrupted() ? 130 : 1;
}
