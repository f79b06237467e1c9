// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';

let namespace = '';
let restricted = '';
const tenMegabytes = 10_000_000;

/** What tools may print in place of their results: lines of POSIX shell. */
const prints: Record<string, string> = {
  noise: `head -c ${tenMegabytes} /dev/urandom`,
  'one-line': `head -c ${tenMegabytes} /dev/zero | tr '\\000' x`,
  'many-lines': `yes 'no tool says this' | head -c ${tenMegabytes}`,
  // Results, but of another destination, of echoes that nobody sent, and beyond all numbers.
  'other-results':
    "for i in 1 2 3; do echo '198.18.99.99 : [0], 64 bytes, 0.1 ms (0.1 avg, 0% loss)'; echo '@attempt 0 99 100 connected'; echo '@answered 7 1 100 5'; echo '64 bytes from 198.18.99.99: icmp_seq=70000 ttl=64 time=1e999 ms'; done",
  'control-characters': "printf '\\033]0;title\\007\\033[2J\\033[31m\\000@ended 0 0\\r\\n'; printf '\\033[2J' >&2",
  nothing: 'true',
};

const tools = ['fping', 'ping', 'bash', 'nc', 'openssl', 'curl'];

/** A pod whose own container has tools that print the wrong things, before the right ones on PATH. */
function wrongTools(name: string, printing: string): object {
  const version = 'case $1 in -v | -V) echo "fping: Version 5.1 (iputils)"; exit ;; esac';
  const script = `printf '%s\\n' '#!/bin/sh' '${version}' "$1" >/wrong/tool; chmod 755 /wrong/tool; shift; for tool; do ln -s tool /wrong/$tool; done; exec sleep 86400`;
  return podManifest(name, {
    spec: {
      volumes: [{ name: 'wrong', emptyDir: {} }],
      containers: [
        {
          name: 'main',
          image: images.toolbox,
          command: ['sh', '-c', script, 'sh', printing, ...tools],
          env: [{ name: 'PATH', value: '/wrong:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }],
          volumeMounts: [{ name: 'wrong', mountPath: '/wrong' }],
        },
      ],
    },
  });
}

/** A pod whose own container has a shell and what every system has, and no network tool. */
function noTools(name: string): object {
  const script = 'for tool in sh cat sleep; do ln -s /usr/bin/$tool /few/$tool; done; exec sleep 86400';
  return podManifest(name, {
    spec: {
      volumes: [{ name: 'few', emptyDir: {} }],
      initContainers: [
        {
          name: 'prepare',
          image: images.toolbox,
          command: ['sh', '-c', script.replace('; exec sleep 86400', '')],
          volumeMounts: [{ name: 'few', mountPath: '/few' }],
        },
      ],
      containers: [
        {
          name: 'main',
          image: images.toolbox,
          command: ['/few/sleep', '86400'],
          env: [{ name: 'PATH', value: '/few' }],
          volumeMounts: [{ name: 'few', mountPath: '/few' }],
        },
      ],
    },
  });
}

/** A pod as PodSecurity `restricted` wants it. */
function modestPod(name: string): object {
  return podManifest(name, {
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: images.web,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  });
}

beforeAll(async () => {
  const enforced = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  [namespace, restricted] = await Promise.all([createNamespace('tools'), createNamespace('modest', enforced)]);
  await Promise.all([
    createReady(
      namespace,
      serverPod('server'),
      noTools('no-tools'),
      ...Object.entries(prints).map(([name, printing]) => wrongTools(name, printing)),
    ),
    createReady(restricted, modestPod('modest'), modestPod('server')),
  ]);
});
afterAll(async () => {
  await Promise.all([expectNothingLeft(namespace), expectNothingLeft(restricted, 'modest')]);
  await Promise.all([deleteNamespace(namespace), deleteNamespace(restricted)]);
});

/** Looks at the most memory (VmHWM of proc_pid_status(5), in bytes) that a process has had, for as long as it lives. */
function watchMemory(child: ChildProcess): { peakBytes: number } {
  const seen = { peakBytes: 0 };
  const look = async () => {
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => '');
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    if (kilobytes !== undefined) seen.peakBytes = Number(kilobytes) * 1024;
    if (child.exitCode === null && child.signalCode === null) setTimeout(() => void look(), 10);
  };
  void look();
  return seen;
}

const verbs: [verb: string, words: string[]][] = [
  ['ping', ['server', '--count', '2', '--interval', '20ms', '--connect-timeout', '1s']],
  ['connect', ['server:8080', 'udp://server:9000', '--attempts', '2', '--connect-timeout', '1s']],
];
const cases = Object.keys(prints).flatMap((pod) => verbs.map(([verb, words]) => ({ verb, words, pod })));

describe.concurrent('tools that print the wrong things', () => {
  it.each(cases)('make an error of $verb in bounded memory: $pod', async ({ verb, words, pod }) => {
    let memory = { peakBytes: 0 };
    const args = [verb, '-n', namespace, '-c', 'main', pod, ...words];
    const run = await report(args, { onStart: (child) => (memory = watchMemory(child)) });
    expect(run.report.results).toHaveLength(verb === 'ping' ? 1 : 2);
    for (const { verdict, reason, message } of run.report.results) {
      expect(verdict).toBe('error');
      // On a busy machine so much noise may take longer than a run of two seconds is given.
      expect(['ToolFailed', 'DeadlineExceeded']).toContain(reason);
      expect(message.length).toBeLessThan(400);
    }
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(3);
    expect(memory.peakBytes).toBeGreaterThan(10e6);
    expect(memory.peakBytes).toBeLessThan(200e6);
  });
});

describe.concurrent('what cannot be done is told apart from what failed:', () => {
  it('a container without any tool for it', async () => {
    const args = ['ping', '-n', namespace, '-c', 'main', 'no-tools', 'server'];
    const { exitCode, report: found } = await report(args);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolMissing' });
    expect(found.results[0]?.message).toMatch(/fping.*ping/);
    expect(exitCode).toBe(3);
  });

  it('a capability that PodSecurity refuses, before the pod is changed', async () => {
    const args = ['ping', '-n', restricted, 'modest', 'server', '--count', '2', '--interval', '20ms'];
    const raw = await report([...args, '--raw']);
    expect(raw.report.results[0]).toMatchObject({ verdict: 'unsupported', reason: 'PodSecurityDenied' });
    expect(raw.report.results[0]?.message).toMatch(/PodSecurity "restricted:.*NET_RAW/);
    expect(raw.exitCode).toBe(5);
    expect(await ephemeralContainers(restricted)).toEqual({});
    const plain = await report(args);
    expect(plain.report.results[0]).toMatchObject({ verdict: 'pass' });
    expect(plain.exitCode).toBe(0);
  });
});
