// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { failureOfAnswer } from '../../../src/kube/api-failure.js';
import { execRefusal, execResult } from '../../../src/kube/exec-status.js';
import { refusal } from '../targets/refusal.js';

// What Kubernetes 1.34 with containerd 2.2 sent on channel 3, and what older ones and CRI-O say.
const success = '{"metadata":{},"status":"Success"}';
const exit7 =
  '{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with ' +
  'exit code 7","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}';

function internalError(message: string): Buffer {
  return Buffer.from(
    JSON.stringify({ metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500, details: {} }),
  );
}

test('exit codes', () => {
  expect(execResult(Buffer.from(success))).toEqual({ exitCode: 0 });
  expect(execResult(Buffer.from(exit7))).toEqual({ exitCode: 7 });
});

test('a status that cannot be read is no success', () => {
  refusal(() => execResult(Buffer.from('')), 'cluster');
  refusal(() => execResult(Buffer.from('{}')), 'cluster');
  refusal(() => execResult(Buffer.from(exit7.replace('"message":"7"', '"message":"x"'))), 'cluster');
});

describe('reasons', () => {
  test.each([
    [
      'Internal error occurred: unable to upgrade connection: container not found ("netmachinery-1")',
      'ContainerNotReady',
    ],
    [
      'Internal error occurred: error executing command in container: container is not created or running',
      'ContainerNotReady',
    ],
    [
      'Internal error occurred: Internal error occurred: error executing command in container: failed to exec in ' +
        'container: container is in CONTAINER_EXITED state',
      'ContainerNotReady',
    ],
    // containerd, of a container that ends at this moment.
    [
      'Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: ' +
        'failed to create exec "02c58c4caeb1": task 9f3eb9b12d1c not found',
      'ContainerNotReady',
    ],
    ['Internal error occurred: dial tcp 198.18.100.1:10250: connect: connection refused', 'InternalError'],
  ])('%s', (message, reason) => {
    expect(refusal(() => execResult(internalError(message)), 'cluster').reason).toBe(reason);
  });

  test.each([
    [
      'Internal error occurred: Internal error occurred: error executing command in container: failed to exec in ' +
        'container: failed to start exec "d3": OCI runtime exec failed: exec failed: unable to start container process: ' +
        'exec: "fping": executable file not found in $PATH',
      'ToolMissing',
      `"fping" is not in the container's image`,
    ],
    [
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/fping": stat /bin/fping: ' +
        'no such file or directory',
      'ToolMissing',
      `"/bin/fping" is not in the container's image`,
    ],
    [
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "/etc/passwd": permission denied',
      'ToolNotExecutable',
      '"/etc/passwd" may not be executed in the container',
    ],
  ])('%s', (message, reason, words) => {
    expect(refusal(() => execResult(internalError(message)), 'tool')).toMatchObject({ reason, message: words });
  });

  test('a refusal of the handshake that has no Status', () => {
    const failure = execRefusal(failureOfAnswer(500, 'unable to upgrade connection: container not found ("main")\n'));
    expect(failure.reason).toBe('ContainerNotReady');
  });
});
