// SPDX-License-Identifier: Apache-2.0
import { LineSplitter } from '../probes/lines.js';
import type { ProbeParser, RemoteCommand } from '../probes/probe.js';

/** Executes a command at a source and hands over what it prints; resolves with its exit code, throws Failure. */
export type Execute = (
  command: RemoteCommand,
  sinks: { onStdout: (chunk: Buffer) => void; onStderr: (chunk: Buffer) => void },
) => Promise<number>;

/** Executes a probe's command and reads its output while it comes. One outcome a destination; throws Failure. */
export async function executeProbe<Event, Outcome>(
  execute: Execute,
  command: RemoteCommand,
  parser: ProbeParser<Event, Outcome>,
  onEvent?: (event: Event) => void,
): Promise<Outcome[]> {
  const emit = (events: Event[]) => {
    for (const event of events) onEvent?.(event);
  };
  const stdout = new LineSplitter();
  const stderr = new LineSplitter();
  const exitCode = await execute(command, {
    onStdout: (chunk) => {
      for (const line of stdout.push(chunk)) emit(parser.stdout(line));
    },
    onStderr: (chunk) => {
      for (const line of stderr.push(chunk)) emit(parser.stderr(line));
    },
  });
  for (const line of stdout.end()) emit(parser.stdout(line));
  for (const line of stderr.end()) emit(parser.stderr(line));
  return parser.end(exitCode);
}
