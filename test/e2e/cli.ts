// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from '../../src/model/report.js';

const root = join(import.meta.dirname, '../..');

/** The ways to run the plugin that users have. */
export const launchers = {
  executable: [join(root, 'dist/kubectl-netmachinery')],
  node: [process.execPath, join(root, 'dist/node/kubectl-netmachinery.js')],
  launcher: [join(root, 'bin/kubectl-netmachinery')],
  kubectl: ['kubectl', 'netmachinery'],
  nohup: ['nohup', join(root, 'dist/kubectl-netmachinery')],
} as const;

export type Launcher = keyof typeof launchers;

export interface CliResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

export interface CliOptions {
  launcher?: Launcher;
  env?: Record<string, string | undefined>;
  /** The working directory; the test run's own unless given. */
  cwd?: string;
  /** What its standard input is; nothing unless given. */
  stdin?: string;
  /** The process, once it runs: for tests that send signals. */
  onStart?: (child: ChildProcess) => void;
}

/** Runs the built plugin as a user would; the plugin's folder is on PATH for kubectl to find. */
export function netmachinery(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const [command = '', ...prefix] = launchers[options.launcher ?? 'executable'];
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, ...args], {
      env: { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`, ...options.env },
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    options.onStart?.(child);
    child.stdin?.end(options.stdin);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr, ms: performance.now() - startedMs }));
  });
}

/** Runs the plugin with `-o json` and returns its report beside the rest; throws what it printed if that is no report. */
export function report<R = Report>(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult & { report: R }> {
  const running = netmachinery([...args, '-o', 'json'], options).then((result) => {
    try {
      return { ...result, report: JSON.parse(result.stdout) as R };
    } catch (cause) {
      throw new Error(`no report (exit code ${String(result.exitCode)}):\n${result.stdout}${result.stderr}`, { cause });
    }
  });
  // A test that has failed before it awaits this is tried again; as an unhandled rejection it would fail the whole run.
  running.catch(() => undefined);
  return running;
}

/**
 * Runs the plugin until `condition`, which sees what it has written to stderr so far, is true, and then sends it a
 * signal. Throws when it ends before that.
 */
export async function runUntil(
  args: readonly string[],
  condition: (stderr: string) => Promise<boolean>,
  signal: NodeJS.Signals,
  options: CliOptions = {},
): Promise<CliResult & { msSinceSignal: number }> {
  const run = { stderr: '', child: undefined as ChildProcess | undefined };
  const ended = netmachinery(args, {
    ...options,
    onStart: (child) => {
      run.child = child;
      child.stderr?.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
    },
  });
  let early: CliResult | undefined;
  void ended.then((result) => (early = result));
  while (!(await condition(run.stderr))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (early !== undefined) {
      throw new Error(`ended by itself (exit code ${String(early.exitCode)}):\n${early.stdout}${early.stderr}`);
    }
  }
  const signalledMs = performance.now();
  run.child?.kill(signal);
  return { ...(await ended), msSinceSignal: performance.now() - signalledMs };
}

export interface TerminalOptions {
  rows?: number;
  columns?: number;
  env?: Record<string, string | undefined>;
}

/**
 * Runs a command on a pseudo terminal (script(1); 24 lines and 100 columns unless said otherwise) and types `keys` once
 * `condition` is true of what is on the screen. `screen` is everything that was written, with the terminal's control
 * sequences.
 */
export function onTerminal(
  words: readonly string[],
  condition: (screen: string) => boolean,
  keys: string,
  { rows = 24, columns = 100, env: variables = {} }: TerminalOptions = {},
): Promise<{ exitCode: number | null; screen: string }> {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command = `stty rows ${rows} cols ${columns}; exec ${quoted}`;
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TERM: 'xterm-256color', ...variables };
    const child = spawn('script', ['-qefc', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let screen = '';
    let typed = false;
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      if (typed || !condition(screen)) return;
      typed = true;
      child.stdin.write(keys);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, screen }));
  });
}
