// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { faultProxy } from '../integration/kube/fault-proxy.js';
import { netmachinery, runUntil } from './cli.js';
import {
  createNamespace,
  createReady,
  deleteNamespace,
  idleProcesses,
  kubectl,
  podManifest,
  processesOnce,
} from './kubectl.js';
import { serverPod } from './manifests.js';

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('stages');
  const sources = ['source', 'control', 'hup', 'probed'];
  await createReady(namespace, serverPod('server'), ...sources.map((name) => podManifest(name)));
});
afterAll(() => deleteNamespace(namespace));

interface Stage {
  /** The request that gets no answer; the signal is sent when it has come. */
  stalled: (method: string, url: string) => boolean;
  args: string[];
  /** Of the report; undefined where nothing was found out, so that there is none. */
  reason?: string;
}

const isExec = (url: string, pod: string) => url.includes(`/pods/${pod}/exec?`);
const denied = ['connect', 'source', 'pod/server:81', '--expect', 'deny', '--control', 'pod/control'];

const stages: Record<string, Stage> = {
  'while sources are resolved': {
    stalled: (method, url) => method === 'GET' && url.includes('/pods/source'),
    args: ['ping', 'pod/source', 'server'],
  },
  'while permissions are asked for': {
    stalled: (_, url) => url.includes('selfsubjectaccessreviews'),
    args: ['ping', 'pod/source', 'server', '--idle', '61s'],
  },
  'while the change is rehearsed': {
    stalled: (method, url) => method === 'PATCH' && url.includes('dryRun'),
    args: ['ping', 'pod/source', 'server', '--idle', '62s'],
  },
  'while a tool container is added': {
    stalled: (method, url) => method === 'PATCH' && !url.includes('dryRun'),
    args: ['ping', 'pod/source', 'server', '--idle', '63s'],
    reason: 'Interrupted',
  },
  'while a command runs': {
    stalled: (_, url) => isExec(url, 'source'),
    args: ['ping', 'pod/source', 'server'],
    reason: 'Interrupted',
  },
  'while a log is read': {
    stalled: (_, url) => url.includes('/pods/source/log?'),
    args: ['ping', 'pod/source', 'server', '--no-exec'],
    reason: 'Interrupted',
  },
  'while a positive control is made': {
    stalled: (_, url) => isExec(url, 'control'),
    args: denied,
    reason: 'Interrupted',
  },
  'while causes are looked for': {
    stalled: (_, url) => url.includes('/networkpolicies'),
    args: ['connect', 'pod/source', 'pod/server:81'],
    reason: 'Refused',
  },
  'while a probe pod is created': {
    stalled: (method, url) => method === 'POST' && url.endsWith('/pods'),
    args: ['ping', 'pod/source', 'server', '--probe-pod', '--tool-timeout', '1s'],
    reason: 'Interrupted',
  },
};

async function stallingProxy(stalled: Stage['stalled']) {
  const proxy = await faultProxy(({ method = '', url = '' }: IncomingMessage) =>
    stalled(method, url) ? 'stall' : 'pass',
  );
  const isStalled = () =>
    proxy.requests.some((request) => {
      const [method = '', url = ''] = request.split(' ');
      return stalled(method, url);
    });
  return { proxy, isStalled };
}

describe('an interrupted run ends at once and tells what is known', () => {
  it.each(Object.entries(stages))('%s', async (_, { stalled, args, reason }) => {
    const { proxy, isStalled } = await stallingProxy(stalled);
    try {
      const words = [...args, '-n', namespace, '--server', proxy.url, '-o', 'json'];
      const begun = () => Promise.resolve(isStalled());
      const { exitCode, stdout, stderr, msSinceSignal } = await runUntil(words, begun, 'SIGINT');
      expect(exitCode).toBe(130);
      expect(msSinceSignal).toBeLessThan(4000);
      if (reason === undefined) {
        expect(stderr).toMatch(/^(Note: .*\n)*error: interrupted\n$/);
        expect(stdout).toBe('');
      } else {
        expect((JSON.parse(stdout) as Report).results.map((result) => result.reason)).toEqual([reason]);
      }
    } finally {
      await proxy.close();
    }
  });
});

describe('a signal', () => {
  it('of a closed terminal (SIGHUP) ends a run as SIGTERM does, and leaves nothing running', async () => {
    const args = ['ping', '-n', namespace, 'hup', 'server', '--count', '1000', '-o', 'json'];
    const atWork = async () => (await processesOnce(namespace, 'hup', 'working')).length > idleProcesses.length;
    const { exitCode, stdout } = await runUntil(args, atWork, 'SIGHUP');
    expect(exitCode).toBe(130);
    expect((JSON.parse(stdout) as Report).results[0]?.reason).toBe('Interrupted');
    expect(await processesOnce(namespace, 'hup', 'idle')).toEqual(idleProcesses);
  });

  it('that comes a second time ends us at once, whatever is still to be taken back', async () => {
    const { proxy, isStalled } = await stallingProxy((method) => method === 'DELETE');
    const run: { child?: ChildProcess } = {};
    try {
      const args = ['ping', '-n', namespace, 'probed', 'server', '--count', '1000', '--probe-pod', '--idle', '1s'];
      const ended = netmachinery([...args, '--server', proxy.url], { onStart: (child) => (run.child = child) });
      while (!proxy.requests.some((request) => request.startsWith('UPGRADE'))) await pause();
      run.child?.kill('SIGINT');
      while (!isStalled()) await pause();
      const signalledMs = performance.now();
      run.child?.kill('SIGINT');
      const { exitCode } = await ended;
      expect(run.child?.signalCode ?? exitCode).toBe('SIGINT');
      expect(performance.now() - signalledMs).toBeLessThan(2000);
    } finally {
      await proxy.close();
      const ours = ['-n', namespace, '-l', 'netmachinery.io/probe-pod'];
      await kubectl(['delete', 'pods', ...ours, '--wait=false']);
    }
  });
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
