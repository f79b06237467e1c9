// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { launchers, onTerminal, report, runUntil } from './cli.js';
import { createNamespace, createReady, deleteNamespace, idleProcesses, podManifest, processesOnce } from './kubectl.js';
import { filteredPod, serverPod } from './manifests.js';

let namespace = '';
const interval = ['--interval', '50ms'];
const controlC = '\u0003';
const redraw = '\u001b[J';
const count = (text: string, part: string) => text.split(part).length - 1;

beforeAll(async () => {
  namespace = await createNamespace('watch');
  await createReady(
    namespace,
    serverPod('server'),
    filteredPod('lossy', 'input', ['icmp type echo-request numgen inc mod 2 == 0 drop']),
    podManifest('terminal'),
    podManifest('pipe'),
    podManifest('once'),
    podManifest('nameless'),
  );
});
afterAll(() => deleteNamespace(namespace));

describe.concurrent('ping --watch', () => {
  it('redraws a line a pair on a terminal, and Ctrl-C prints the summary', async () => {
    const args = ['ping', '-n', namespace, 'terminal', 'server', 'lossy', ...interval, '--connect-timeout', '200ms'];
    const words = [...launchers.executable, ...args, '--watch'];
    const { exitCode, screen } = await onTerminal(words, (text) => count(text, redraw) >= 6, controlC);
    expect(screen).toMatch(/server +[▁▂▃▄▅▆▇█]+ +last +[\d.]+ +avg +[\d.]+ ms +loss +0%/);
    expect(screen).toMatch(/lossy .*×.* +last .* +avg +[\d.]+ ms +loss +[1-9]\d%/);
    // Each redraw begins where the one before began: two lines up.
    expect(screen).toContain(`\u001b[2A\r${redraw}`);
    const summary = screen.slice(screen.lastIndexOf(redraw));
    expect(summary).toMatch(/server +198\.19\.(?:1[6-9]|2\d|3[01])\.\d+ .*pass.* +EchoReply/);
    expect(summary).toMatch(/lossy +198\.19\.(?:1[6-9]|2\d|3[01])\.\d+ .*fail.* +PacketLoss/);
    expect(exitCode).toBe(130);
    expect(await processesOnce(namespace, 'terminal', 'idle')).toEqual(idleProcesses);
  });

  it('writes a line a sample where there is no terminal, and the report goes to stdout', async () => {
    const args = ['ping', '-n', namespace, 'pipe', 'server', ...interval, '--watch', '-o', 'json'];
    const ten = (stderr: string) => Promise.resolve(stderr.includes('seq 9 '));
    const { exitCode, stdout, stderr } = await runUntil(args, ten, 'SIGINT');
    expect(stderr).toMatch(/^pipe → server \(198\.19\.(?:1[6-9]|2\d|3[01])\.\d+\) {2}seq 0 {2}[\d.]+ ms$/m);
    const [result] = (JSON.parse(stdout) as Report).results;
    expect(result).toMatchObject({ verdict: 'pass', reason: 'EchoReply', lossPercent: 0 });
    expect(result?.sent).toBeGreaterThanOrEqual(10);
    expect(exitCode).toBe(130);
  });

  it('ends by itself where nothing can be sent to any of its destinations', async () => {
    const names = ['no-such-name.example', 'no-other-name.example'];
    const args = ['ping', '-n', namespace, 'nameless', ...names, ...interval, '--watch'];
    const { report: found, exitCode } = await report(args);
    expect(found.results.map(({ reason }) => reason)).toEqual(['NameNotFound', 'NameNotFound']);
    expect(exitCode).toBe(1);
  });

  it('shows colours and a table as wide as the terminal without it, too', async () => {
    const args = ['ping', '-n', namespace, 'once', 'server', 'no-such-name.example', '--count', '2', ...interval];
    const words = [...launchers.executable, ...args];
    const { exitCode, screen } = await onTerminal(words, () => false, controlC);
    expect(screen).toContain('\u001b[32m✓ pass');
    expect(screen).toContain('\u001b[31m✗ fail');
    expect(exitCode).toBe(1);
    const plain = await onTerminal(['env', 'NO_COLOR=1', ...words], () => false, controlC);
    expect(plain.screen).toContain('✓ pass');
    expect(plain.screen).not.toMatch(/\u001b\[3\dm[✓✗]/);
  });
});
