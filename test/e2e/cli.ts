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
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.onStart?.(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr, ms: performance.now() - startedMs }));
  });
}

/** Runs the plugin with `-o json` and returns its report beside the rest; throws what it printed if that is no report. */
export async function report(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult & { report: Report }> {
  const result = await netmachinery([...args, '-o', 'json'], options);
  try {
    return { ...result, report: JSON.parse(result.stdout) as Report };
  } catch (cause) {
    throw new Error(`no report (exit code ${String(result.exitCode)}):\n${result.stdout}${result.stderr}`, { cause });
  }
}
