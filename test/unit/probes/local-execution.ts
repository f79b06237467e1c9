// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter } from '../../../src/probes/lines.js';
import type { ProbeParser, RemoteCommand } from '../../../src/probes/probe.js';

export interface Finished<Outcome> {
  outcomes: Outcome[];
  exitCode: number;
  /** Everything that was printed on stdout. */
  lines: string[];
  ms: number;
}

/** Runs a command here until nobody holds its output any more, as an exec does. stdin stays open until `letGoMs`. */
export async function execute<Event, Outcome>(
  { argv, input = '' }: RemoteCommand,
  parser: ProbeParser<Event, Outcome>,
  { letGoMs, env = process.env }: { letGoMs?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished<Outcome>> {
  const began = performance.now();
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env });
  const [stdout, stderr] = [new LineSplitter(), new LineSplitter()];
  const lines: string[] = [];
  const read = (found: string[]) => {
    lines.push(...found);
    for (const line of found) parser.stdout(line);
  };
  child.stdout.on('data', (chunk: Buffer) => read(stdout.push(chunk)));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk).forEach((line) => parser.stderr(line)));
  child.stdin.on('error', () => undefined);
  child.stdin.write(input);
  const closed = once(child, 'close');
  if (letGoMs !== undefined) void sleep(letGoMs).then(() => child.stdin.end());
  const [code] = (await closed) as [number | null];
  child.stdin.destroy();
  const exitCode = code ?? -1;
  return { outcomes: parser.end(exitCode), exitCode, lines, ms: performance.now() - began };
}
