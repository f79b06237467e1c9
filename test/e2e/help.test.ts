// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { launchers, netmachinery, onTerminal, type Launcher } from './cli.js';

const nowhere = ['--server', 'https://127.0.0.1:1'];

describe('help, as users ask for it', () => {
  it.each<Launcher>(['kubectl', 'executable', 'node'])('is the same by %s', async (launcher) => {
    const [plugin, ping] = await Promise.all([
      netmachinery(['--help'], { launcher }),
      netmachinery(['ping', '--help'], { launcher }),
    ]);
    expect(plugin).toMatchObject({ exitCode: 0, stderr: '' });
    expect(plugin.stdout).toMatch(/^Tests, shapes .*\n\nExamples:\n/);
    expect(plugin.stdout).toMatch(/\n {2}shape +Delay, lose/);
    expect(ping).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ping.stdout).toMatch(/^Send ICMP echoes from pods\.\n/);
    expect(ping.stdout).toContain('\nUsage:\n  kubectl netmachinery ping SRC DST...\n');
  });

  it.each([
    [[], ['--help']],
    [['-h'], ['--help']],
    [['help'], ['--help']],
    [
      ['help', 'shape', 'list'],
      ['shape', 'list', '--help'],
    ],
    [
      ['ping', 'web', ...nowhere, '-h'],
      ['ping', '--help'],
    ],
    [
      ['--help', 'ping'],
      ['ping', '--help'],
    ],
  ])('%j is %j', async (argv, same) => {
    const [run, other] = await Promise.all([netmachinery(argv), netmachinery(same)]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '', stdout: other.stdout });
    expect(run.stdout).toContain('Examples:');
  });

  it('names the commands below a command', async () => {
    const { stdout } = await netmachinery(['shape', '--help']);
    expect(stdout).toMatch(/\nAvailable Commands:\n {2}shape clear {2}\S.*\n {2}shape list {3}\S/);
  });

  it.each([
    [['pnig', '--help'], 'error: unknown command "pnig"\nhint: did you mean ping?\n'],
    [['help', 'nosuch'], 'error: unknown command "nosuch"\nhint: see \'kubectl netmachinery --help\'\n'],
    [['config', 'veiw'], 'error: unknown command "config veiw"\nhint: did you mean config view?\n'],
    [['shape', 'lst'], 'error: no effect is asked for\nhint: did you mean shape list?\n'],
    [['help', 'ping', 'web'], "error: unexpected argument: web\nhint: see 'kubectl netmachinery ping --help'\n"],
  ])('%j is a usage error', async (argv, stderr) => {
    expect(await netmachinery(argv)).toMatchObject({ exitCode: 2, stdout: '', stderr });
  });

  it('is not what is asked for behind --', async () => {
    const run = await netmachinery(['ping', ...nowhere, '--', 'web', '--help']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('"--help"');
  });

  it("of kubectl's own options is in one place", async () => {
    const options = await netmachinery(['options']);
    expect(options).toMatchObject({ exitCode: 0, stderr: '' });
    expect(options.stdout).toContain('--as-user-extra=KEY=VALUE...');
    expect((await netmachinery(['ping', '--help'])).stdout).not.toContain('KEY=VALUE');
  });

  it.each([
    [60, 60],
    [100, 100],
    [200, 120],
  ])('is as wide as a terminal of %i columns, and no wider than is read well', async (columns, widest) => {
    const words = [...launchers.executable, 'ping', '--help'];
    const { screen, exitCode } = await onTerminal(words, () => false, '', { columns });
    expect(exitCode).toBe(0);
    const flags = screen.split(/\r?\n/).filter((line) => /^ {6,}\S+ +\S/.test(line));
    const longest = Math.max(...flags.map(({ length }) => length));
    expect(longest).toBeLessThanOrEqual(widest);
    expect(longest).toBeGreaterThan(widest - 15);
    expect(screen).not.toContain('\u001b');
  });
});
