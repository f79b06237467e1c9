// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { Failure } from '../../src/errors/failure.js';

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  stdin?: string;
  timeoutMs?: number;
}

/** A finished command: its exit code (null after a signal) and what it wrote. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. Rejects only if it cannot be started. */
export function tryCommand(program: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
      env: options.env ?? process.env,
      stdio: 'pipe',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (cause) => reject(new Failure('tool', `cannot run ${program}`, { cause })));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
  });
}

/** Runs a program and gives what it wrote to stdout. Throws a Failure with the end of its stderr unless it exits with 0. */
export async function runCommand(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const result = await tryCommand(program, args, options);
  if (result.code === 0) return result.stdout;
  const lines = (result.stderr || result.stdout).trim().split('\n');
  throw new Failure('tool', `${program} ${args.join(' ')} ended with ${result.code}: ${lines.slice(-8).join('\n')}`);
}
