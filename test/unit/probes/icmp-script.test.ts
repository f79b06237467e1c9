// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { icmpCommand, type IcmpRequest } from '../../../src/probes/icmp.js';
import { parse } from './icmp-recording.js';
import { expectNothingLeft, finish, shells, start } from './script-session.js';

/** Why the script cannot be executed here, or undefined. Its traffic stays on loopback. */
function whyNot(): string | undefined {
  try {
    const tool = 'fping';
    execFileSync(tool, ['-q', '-c', '1', '-t', '500', '127.0.0.1'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'fping is missing or may not send ICMP echo requests here';
  }
}

const loopback: IcmpRequest = {
  destinations: [{ index: 0, address: '127.0.0.1', family: 4 }],
  count: 2,
  intervalMs: 20,
};

const missing = whyNot();

describe.skipIf(missing)(`icmp.sh${missing === undefined ? '' : ` (${missing})`}`, () => {
  it.each(shells)('measures with %s %s, says nothing on stderr and leaves nothing behind', async (...shell) => {
    const child = start(icmpCommand(loopback), shell, 'ignore');
    const { stdout, stderr, exitCode } = await finish(child);
    expect(stderr).toBe('');
    expect(parse(loopback, stdout, stderr, exitCode).outcomes[0]).toMatchObject({ reason: 'EchoReply', received: 2 });
    await expectNothingLeft(child.pid);
  });

  it('runs to its end while stdin stays open', async () => {
    const request = { ...loopback, leash: true };
    const child = start(icmpCommand(request), ['sh'], 'pipe');
    const { stdout } = await finish(child);
    expect(parse(request, stdout).outcomes[0]?.reason).toBe('EchoReply');
    await expectNothingLeft(child.pid);
  });

  it.each(shells)('ends at once when stdin does (%s %s)', async (...shell) => {
    const request = { ...loopback, count: 1000, intervalMs: 1000, leash: true };
    const child = start(icmpCommand(request), shell, 'pipe');
    const end = finish(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await wait(100);
    const before = Date.now();
    child.stdin?.end();
    const { stdout, exitCode } = await end;
    expect(Date.now() - before).toBeLessThan(1000);
    expect(parse(request, stdout, '', exitCode).outcomes[0]?.reason).toBe('ToolFailed');
    await expectNothingLeft(child.pid);
  });

  it('keeps its deadline', async () => {
    const request = { ...loopback, count: 1000, intervalMs: 100, deadlineMs: 350 };
    const before = Date.now();
    const { stdout } = await finish(start(icmpCommand(request), ['sh'], 'ignore'));
    expect(Date.now() - before).toBeLessThan(2000);
    expect(parse(request, stdout).outcomes[0]).toMatchObject({ sent: 4 });
  });

  it('resolves names where it runs', async () => {
    const request: IcmpRequest = { ...loopback, destinations: [{ index: 4, host: 'localhost', family: 4 }] };
    const { stdout } = await finish(start(icmpCommand(request), ['sh'], 'ignore'));
    expect(parse(request, stdout).outcomes[0]).toMatchObject({ address: '127.0.0.1', reason: 'EchoReply' });
  });
});
