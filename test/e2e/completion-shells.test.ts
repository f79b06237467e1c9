// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNamespace, deleteNamespace, images, kubectl } from './kubectl.js';
import { service } from './manifests.js';
import { afterTab, ensureShells, outputOf } from './shells.js';

const root = join(import.meta.dirname, '../..');
/** Namespaces that others have just found are no answer here. */
const caches = mkdtempSync(join(tmpdir(), 'netmachinery-shells-'));
const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`, XDG_CACHE_HOME: caches };
/** A busy machine may take more than the second that completion has. */
const patience = { timeout: 100_000, interval: 1000 };
let namespace = '';

beforeAll(async () => {
  [namespace] = await Promise.all([createNamespace('shells'), ensureShells()]);
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: images.web }] },
  };
  const web = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    // Its name is all that is needed.
    spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template },
  };
  const api = service('api', { ports: [{ name: 'http', port: 8080 }] });
  const list = { apiVersion: 'v1', kind: 'List', items: [web, api] };
  await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(list));
});
afterAll(() => Promise.all([deleteNamespace(namespace), rm(caches, { recursive: true })]));

/** Lines behind the program's name, and as TAB leaves them. */
const typed = () => [
  ['pin', 'ping '],
  ['shape cl', 'shape clear '],
  ['ping --outp', 'ping --output '],
  ['ping --output=jso', 'ping --output=json '],
  [`ping -n ${namespace} dep`, `ping -n ${namespace} deploy/`],
  [`ping -n ${namespace} deploy/w`, `ping -n ${namespace} deploy/web `],
  [`ping -n ${namespace.slice(0, -1)}`, `ping -n ${namespace} `],
  [`connect -n ${namespace} deploy/web svc/ap`, `connect -n ${namespace} deploy/web svc/api`],
  [`connect -n ${namespace} deploy/web svc/api:`, `connect -n ${namespace} deploy/web svc/api:8080 `],
  [`run -f ${root}/package-lo`, `run -f ${root}/package-lock.json `],
  [`run --filename=${root}/package-lo`, `run --filename=${root}/package-lock.json `],
];

const bashCompletion = 'source /usr/share/bash-completion/bash_completion; source <(kubectl completion bash)';
const zshCompletion = 'autoload -U compinit; compinit -u -D';
const setups = [
  ['bash', 'kubectl netmachinery', bashCompletion],
  ['bash', 'kubectl-netmachinery', 'source <(kubectl-netmachinery completion bash)'],
  ['zsh', 'kubectl netmachinery', `${zshCompletion}; source <(kubectl completion zsh)`],
  ['zsh', 'kubectl-netmachinery', `${zshCompletion}; source <(kubectl-netmachinery completion zsh)`],
] as const;

describe.each(setups)('TAB in %s', (shell, program, setup) => {
  it(`completes what is typed behind ${program}`, async () => {
    const pairs = typed().map(([before, after]) => [`${program} ${before}`, `${program} ${after}`] as const);
    const lines = pairs.map(([before]) => before);
    await expect.poll(() => afterTab(shell, setup, lines, env), patience).toEqual(pairs.map(([, after]) => after));
  });
});

describe.each(['kubectl netmachinery', 'kubectl-netmachinery'])('fish completes behind %s', (program) => {
  const fish = (line: string) => {
    const script = `${program.split(' ')[0]} completion fish | source; complete -C $argv[1]`;
    return outputOf(['fish', '--no-config', '-c', script, `${program} ${line}`], env);
  };

  it('words with their descriptions', async () => {
    expect(await fish('pin')).toMatch(/^ping\tSend ICMP echoes from pods\n$/);
    expect(await fish('ping --output=jso')).toMatch(/^--output=json\b.*\n$/);
    await expect
      .poll(() => fish(`ping -n ${namespace} deploy/`), patience)
      .toMatch(/^deploy\/web\t0\/0 ready, \d+s\n$/);
    await expect
      .poll(() => fish(`connect -n ${namespace} deploy/web svc/api:`), patience)
      .toBe('svc/api:8080\thttp, TCP\n');
  });

  it('names of files', async () => {
    expect(await fish(`run -f ${root}/package-lo`)).toMatch(/\/package-lock\.json\b/);
    expect(await fish(`ping ${root}/package-lo`)).toBe('');
  });
});
