// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { failureOfStatus, type Status } from './api-failure.js';
import type { ExecResult } from './cluster.js';

/** Hint of the Failure of an exec that RBAC denied. */
export const execNeeds = 'executing over a WebSocket needs get and create of pods/exec';

/** Reason of the Failure of an exec into a container that the runtime does not have (yet, or any more). */
export const containerNotReady = 'ContainerNotReady';

/** What the kubelet and the runtime say of a container without a running process. */
const notReady =
  /container not found \("|container (?:\S+ )?is (?:not created or running|in CONTAINER_(?:CREATED|EXITED|UNKNOWN) state)|cannot exec in a (?:stopped|deleted)|failed to create exec \S+: task \S+ not found|unable to upgrade connection: pod does not exist/;
const missingTool =
  /exec: "([^"]*)": (?:executable file not found in \$PATH|stat [^:]*: no such file or directory|no such file or directory)/;
const forbiddenTool = /exec:? "?([^":]*)"?: (?:operation not permitted|permission denied)/;

function withReason(failure: Failure, reason: string): Failure {
  return new Failure('cluster', failure.message, { status: failure.status, reason, cause: failure.cause });
}

/** A refusal to execute as a Failure: reason ContainerNotReady, ToolMissing, ToolNotExecutable or the server's own. */
export function execRefusal(failure: Failure): Failure {
  const { message, code, status, reason } = failure;
  if (code === 'forbidden' && status === 403) {
    return new Failure(code, message, { status, reason, hint: execNeeds, cause: failure });
  }
  // The kubelet's words for a pod that it has not heard of yet (pkg/kubelet/server/server.go).
  if (status === 404 && failure.cause === 'pod does not exist') return withReason(failure, containerNotReady);
  if (notReady.test(message)) return withReason(failure, containerNotReady);
  const missing = missingTool.exec(message)?.[1];
  if (missing !== undefined) {
    return new Failure('tool', `"${missing}" is not in the container's image`, {
      reason: 'ToolMissing',
      cause: failure,
    });
  }
  const forbidden = forbiddenTool.exec(message)?.[1];
  if (forbidden !== undefined) {
    return new Failure('tool', `"${forbidden}" may not be executed in the container`, {
      reason: 'ToolNotExecutable',
      cause: failure,
    });
  }
  return failure;
}

/** What channel 3 says at the end of an exec: the exit code, or why there is none (thrown as Failure). */
export function execResult(payload: Buffer): ExecResult {
  let status: Status;
  try {
    status = JSON.parse(payload.toString('utf8')) as Status;
  } catch (thrown) {
    throw new Failure('cluster', 'the server ended the command with a status that cannot be read', { cause: thrown });
  }
  if (status.status === 'Success') return { exitCode: 0 };
  const exitCode = Number(status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message ?? Number.NaN);
  if (status.reason === 'NonZeroExitCode' && Number.isInteger(exitCode)) return { exitCode };
  throw execRefusal(failureOfStatus(status));
}
