// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import type { CliResult } from './cli.js';

/**
 * Runs a script of bash, for what only a shell can do to a process: closed descriptors, pipes, deleted folders. Its words
 * are arguments, never part of the script.
 */
export function shell(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script, 'bash', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr, ms: performance.now() - startedMs }));
  });
}
