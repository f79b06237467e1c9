// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { icmpCommand, type IcmpRequest } from '../../../src/probes/icmp.js';
import type { RemoteCommand } from '../../../src/probes/probe.js';
import { udpCaptureCommand, udpCaptureParser } from '../../../src/probes/udp-capture.js';
import { parse } from './icmp-recording.js';

let folder = '';

/** A copy of a program under another name that a container without NET_RAW may not execute. */
function withCapabilities(program: string, name: string): void {
  const file = join(folder, name);
  copyFileSync(program, file);
  chmodSync(file, 0o755);
  execFileSync('setcap', ['cap_net_raw=ep', file]);
}

/** Why this cannot be tried here, or undefined: only root may give capabilities to files, where file systems have them. */
function whyNot(): string | undefined {
  const absent = ['/usr/bin/ping', '/usr/bin/tcpdump'].find((file) => !existsSync(file));
  if (absent !== undefined) return `${absent} is missing`;
  const place = mkdtempSync(join(tmpdir(), 'capabilities-'));
  try {
    copyFileSync('/usr/bin/busybox', join(place, 'ping'));
    execFileSync('setcap', ['cap_net_raw=ep', join(place, 'ping')], { stdio: 'ignore' });
    const { status } = spawnSync('setpriv', [...asInPod, 'sh', '-c', '"$1" --help', 'sh', join(place, 'ping')]);
    return status === 126 ? undefined : 'file capabilities are not in the way here';
  } catch {
    return 'setcap, setpriv or a static busybox is missing';
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Without NET_RAW, and without the means to get it, as a plain tool container. */
const asInPod = ['--no-new-privs', '--bounding-set=-net_raw', '--inh-caps=-all'];
const missing = whyNot();

function run({ argv }: RemoteCommand): { stdout: string; stderr: string; status: number } {
  const [program = 'sh', ...rest] = argv;
  const env = { PATH: `${folder}:/usr/bin:/bin:/usr/sbin` };
  const { stdout, stderr, status } = spawnSync('setpriv', [...asInPod, program, ...rest], { env, encoding: 'utf8' });
  return { stdout, stderr, status: status ?? -1 };
}

describe.skipIf(missing)(`a tool with file capabilities${missing === undefined ? '' : ` (${missing})`}`, () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'capabilities-'));
    chmodSync(folder, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const request: IcmpRequest = {
    destinations: [{ index: 0, address: '127.0.0.1', family: 4 }],
    count: 1,
    intervalMs: 20,
  };

  it('that is static cannot be executed, and the message says so', () => {
    withCapabilities('/usr/bin/busybox', 'ping');
    withCapabilities('/usr/bin/busybox', 'fping');
    const { stdout, stderr, status } = run(icmpCommand(request));
    expect(stdout).toContain('@unrunnable ping');
    expect(parse(request, stdout, stderr, status).outcomes[0]).toMatchObject({
      reason: 'PingNotPermitted',
      message: 'ping is in the image but cannot be executed: its file has capabilities that the container may not have',
    });
  });

  it.each(['fping', 'ping'])('that is dynamic is executed through the loader: %s', (name) => {
    for (const other of ['fping', 'ping']) withCapabilities('/usr/bin/busybox', other);
    withCapabilities(`/usr/bin/${name}`, name);
    const { stdout } = run(icmpCommand(request));
    expect(stdout).toContain(name === 'fping' ? '@tool fping' : '@tool iputils');
  });

  it('tcpdump, too', () => {
    const capture = { expected: [{ port: 9, token: 'token-123456' }], seconds: 1, leash: false };
    const events = (stdout: string) => stdout.split('\n').flatMap((line) => udpCaptureParser(capture).stdout(line));
    withCapabilities('/usr/bin/tcpdump', 'tcpdump');
    // It is executed; that capturing takes NET_RAW is its own answer.
    const [dynamic] = events(run(udpCaptureCommand(capture)).stdout);
    expect(dynamic).toMatchObject({ kind: 'failed', message: expect.stringMatching(/permi|Operation not/i) as string });
    withCapabilities('/usr/bin/busybox', 'tcpdump');
    expect(events(run(udpCaptureCommand(capture)).stdout)).toEqual([
      { kind: 'failed', message: expect.stringContaining('tcpdump is in the image but cannot be executed') as string },
    ]);
  });
});
