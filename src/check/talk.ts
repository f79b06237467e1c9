// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { agentProgram } from '../model/prober.js';

export interface TalkRequest {
  namespace: string;
  pod: string;
  container: string;
  /** A program of the agent image and its arguments. */
  program: readonly string[];
  /** Its standard input. */
  input?: string | undefined;
  /** Called when the first of what it says arrives. */
  onFirstWord?: (() => void) | undefined;
  deadlineMs: number;
  signal: AbortSignal;
}

/** What a program says that is executed in a container of ours; throws Failure `tool` with its last words where it fails. */
export async function executeProgram(cluster: Cluster, request: TalkRequest): Promise<string> {
  const { program, input, onFirstWord, ...place } = request;
  const said: Buffer[] = [];
  const complaints: Buffer[] = [];
  const { exitCode } = await cluster.exec({
    ...place,
    argv: [...agentProgram, ...program],
    ...(input === undefined ? {} : { leash: true, input: `${input}\n` }),
    onStdout: (chunk) => {
      if (said.push(chunk) === 1) onFirstWord?.();
    },
    onStderr: (chunk) => complaints.push(chunk),
  });
  if (exitCode === 0) return Buffer.concat(said).toString();
  const words = Buffer.concat(complaints).toString().trim().split('\n').at(-1) ?? '';
  const where = `${place.namespace}/${place.pod}`;
  const why = words === '' ? '' : `: ${words}`;
  throw new Failure('tool', `${program[0] ?? ''} in pod ${where} ended with exit code ${exitCode}${why}`);
}
