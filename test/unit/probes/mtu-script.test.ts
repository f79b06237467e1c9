// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mtuCommand, mtuParser, type MtuRequest } from '../../../src/probes/mtu.js';
import { traceCommand, type TraceRequest } from '../../../src/probes/trace.js';
import { parse } from './path-recording.js';
import { expectNothingLeft, finish, shells, start } from './script-session.js';

/** Why the script cannot be executed here, or undefined. Its traffic stays on loopback. */
function whyNot(): string | undefined {
  try {
    const tool = 'ping';
    const version = execFileSync(tool, ['-V'], { encoding: 'utf8' });
    execFileSync(tool, ['-c', '1', '127.0.0.1'], { stdio: 'ignore' });
    return version.includes('iputils') ? undefined : 'ping is not of iputils';
  } catch {
    return 'ping is missing or may not send ICMP echo requests here';
  }
}

const loopback: MtuRequest = { destinations: [{ index: 3, address: '127.0.0.1', family: 4 }], maxBytes: 9000 };
// Applets of busybox come before programs there, and its ping is none that will do.
const withIputils = shells.filter(([program]) => program !== 'busybox');
const missing = whyNot();

describe.skipIf(missing)(`mtu.sh${missing === undefined ? '' : ` (${missing})`}`, () => {
  it.each(withIputils)('searches with %s, says nothing on stderr and leaves nothing behind', async (...shell) => {
    const child = start(mtuCommand(loopback), shell, 'ignore');
    const { stdout, stderr, exitCode } = await finish(child);
    expect(stderr).toBe('');
    expect(parse(mtuParser(loopback), { stdout, stderr, exitCode })).toEqual([
      expect.objectContaining({ index: 3, reason: 'PathMtuFound', attempts: 2 }),
    ]);
    await expectNothingLeft(child.pid);
  });

  it('resolves names where it runs', async () => {
    const request: MtuRequest = { destinations: [{ index: 0, host: 'localhost', family: 4 }], maxBytes: 1500 };
    const { stdout } = await finish(start(mtuCommand(request), ['sh'], 'ignore'));
    const [outcome] = parse(mtuParser(request), { stdout, stderr: '', exitCode: 0 });
    expect(outcome).toMatchObject({ address: '127.0.0.1', mtu: { pathMtu: 1500 } });
  });

  it('runs to its end while stdin stays open', async () => {
    const child = start(mtuCommand({ ...loopback, leash: true }), ['sh'], 'pipe');
    const { stdout } = await finish(child);
    expect(stdout).toContain('@searched 3');
    await expectNothingLeft(child.pid);
  });
});

it.each(shells)('trace.sh ends at once when stdin does (%s %s)', async (...shell) => {
  // A tracer that never ends, in the place of tracepath.
  const { destinations } = loopback;
  const request: TraceRequest = { destinations, method: 'tracepath', count: 1, maxHops: 1, leash: true };
  const command = traceCommand(request);
  const [program = '', option = '', script = '', ...rest] = command.argv;
  const endless = `tracepath() { sleep 100; }; ${script}`.replace('tool=$(command -v "$1")', 'tool=tracepath');
  const child = start({ ...command, argv: [program, option, endless, ...rest] }, shell, 'pipe');
  const end = finish(child);
  await wait(300);
  child.stdin?.end();
  await end;
  await expectNothingLeft(child.pid);
});
