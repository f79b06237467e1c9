// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { podNames, workload } from './injected.js';
import { createNamespace, createReady, deleteNamespace, images, kubectl } from './kubectl.js';

let namespace = '';
beforeAll(async () => {
  namespace = await createNamespace('inject-piped', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  await createReady(namespace, workload('Deployment', 'web'));
});
afterAll(() => deleteNamespace(namespace));

const noCluster = { KUBECONFIG: '/nonexistent' };
const inject = (stdin: string, ...words: string[]) =>
  netmachinery(['inject', '-f', '-', '--agent-image', images.agent, ...words], { stdin, env: noCluster });

describe.concurrent('inject -f', () => {
  it('changes what kubectl gets, which kubectl applies, and which comes back to the byte', async () => {
    const yaml = await kubectl(['get', 'deploy', '-n', namespace, '-o', 'yaml']);
    const injected = await netmachinery(['inject', '-f', '-', '--agent-image', images.agent], { stdin: yaml });
    expect(injected.exitCode).toBe(0);
    expect(injected.stderr).toContain(`inject --agents-only -n ${namespace}`);
    const back = await netmachinery(['uninject', '-f', '-'], { stdin: injected.stdout, env: noCluster });
    expect(back).toMatchObject({ exitCode: 0, stdout: yaml });
    await kubectl(['apply', '-n', namespace, '-f', '-'], injected.stdout);
    await kubectl(['rollout', 'status', '-n', namespace, 'deploy/web', '--timeout=90s']);
    const [pod = ''] = await podNames(namespace, 'app=web');
    const answer = await kubectl(['get', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}:19191/proxy/ping`]);
    expect(answer).toBe('pong\n');
  });

  it('needs no cluster, and keeps all that is not its own, a byte order mark among it', async () => {
    const yaml =
      '\uFEFF# the front\r\napiVersion: v1\r\nkind: Pod # one\r\nmetadata: {name: a}\r\nspec:\r\n  containers:\r\n  - name: a\r\n';
    const { stdout, stderr, exitCode } = await inject(yaml);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.startsWith(yaml.split('metadata')[0] ?? '-')).toBe(true);
    expect(stdout).toContain('restartPolicy: Always\r\n');
    expect((await netmachinery(['uninject', '-f', '-'], { stdin: stdout, env: noCluster })).stdout).toBe(yaml);
  });

  it('takes files and Jobs, and older clusters', async () => {
    const job = await kubectl(['create', 'job', 'once', '--image=busybox', '--dry-run=client', '-o', 'yaml']);
    expect((await inject(job)).stdout).toContain('name: net-prober');
    const { stderr, exitCode } = await inject(job, '--native-sidecar', 'false');
    expect(stderr).toContain('would never end');
    expect(exitCode).toBe(2);
  });

  it('says what it cannot do', async () => {
    expect(await inject('kind: [')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await inject('apiVersion: v1\nkind: ConfigMap\n')).toMatchObject({ exitCode: 2, stdout: '' });
    expect((await inject('', 'deploy/web')).stderr).toContain('names cannot be given beside it');
    const untouched = await netmachinery(['uninject', '-f', '-'], { stdin: 'a: 1\n', env: noCluster });
    expect(untouched).toMatchObject({ exitCode: 0, stdout: 'a: 1\n' });
  });
});
