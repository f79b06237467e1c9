// SPDX-License-Identifier: Apache-2.0
import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from '../../src/errors/failure.js';
import { clusterDown, clusterEnvironment, clusterStatus, clusterUp } from './cluster.js';

const usage = `usage: npm run cluster -- up [--node2] [--no-workload] | down | status | env

up      start the cluster, or see that it is well; --node2 adds the node on User-Mode Linux
down    stop it and remove every trace of it
status  show its parts; exit code 0 if all are well
env     print shell commands that set KUBECONFIG, PATH, NETMACHINERY_IMAGE and
        NETMACHINERY_AGENT_IMAGE: eval "$(npm run --silent cluster -- env)"
`;

async function showStatus(): Promise<boolean> {
  const components = await clusterStatus();
  if (components.length === 0) {
    process.stdout.write('the cluster is down\n');
    return false;
  }
  const width = Math.max(...components.map(({ name }) => name.length));
  for (const { name, well, detail } of components) {
    process.stdout.write(`${name.padEnd(width)}   ${well ? 'ok ' : 'BAD'}   ${detail}\n`);
  }
  return components.every(({ well }) => well);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

async function printEnvironment(): Promise<void> {
  const environment = await clusterEnvironment();
  const [kubectlFolder = ''] = environment.PATH.split(delimiter);
  process.stdout.write(`export KUBECONFIG=${quoted(environment.KUBECONFIG)}\n`);
  process.stdout.write(`export PATH=${quoted(kubectlFolder)}${delimiter}"$PATH"\n`);
  process.stdout.write(`export NETMACHINERY_IMAGE=${quoted(environment.NETMACHINERY_IMAGE)}\n`);
  process.stdout.write(`export NETMACHINERY_AGENT_IMAGE=${quoted(environment.NETMACHINERY_AGENT_IMAGE)}\n`);
}

/** Carries out the command line; false means that what was asked for is not so. */
async function run(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { node2: { type: 'boolean', default: false }, 'no-workload': { type: 'boolean', default: false } },
  });
  const [command, ...rest] = positionals;
  if (rest.length > 0) throw new Failure('usage', usage);
  switch (command) {
    case 'up':
      await clusterUp({ node2: values.node2, workload: !values['no-workload'] });
      return true;
    case 'down': {
      const left = await clusterDown();
      for (const line of left) process.stderr.write(`left: ${line}\n`);
      return left.length === 0;
    }
    case 'status':
      return showStatus();
    case 'env':
      await printEnvironment();
      return true;
    default:
      throw new Failure('usage', usage);
  }
}

try {
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  const hint = error instanceof Failure && error.hint !== undefined ? `\n${error.hint}` : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`);
  process.exitCode = 1;
}
