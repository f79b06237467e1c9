// SPDX-License-Identifier: Apache-2.0

/**
 * What went wrong, as a closed list. It decides the exit code (see exit-code.ts):
 * `usage` bad words, file or values; `notFound` a name, context or selector that matches nothing;
 * `forbidden` a permission is missing; `cluster` the API server or a connection to it failed;
 * `tool` a tool container or a tool in it failed; `unsupported` cannot be done here;
 * `interrupted` the user or a signal ended it; `bug` ours.
 */
export type FailureCode =
  'usage' | 'notFound' | 'forbidden' | 'cluster' | 'tool' | 'unsupported' | 'interrupted' | 'bug';

export interface FailureDetails {
  /** One line that tells the user what to do next. */
  hint?: string | undefined;
  /** Lines to copy that help with it, such as the Role that would allow what was forbidden; shown below the hint. */
  remedy?: string | undefined;
  cause?: unknown;
  /** HTTP status code of the API server's answer, where there was one. */
  status?: number | undefined;
  /** The API server's `reason`, the kubelet's waiting reason, or one of model/reason.ts; free CamelCase. */
  reason?: string | undefined;
}

/** The one error type of the project: a line for the user, a code, perhaps a hint, and the cause for `-v`. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly remedy: string | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.code = code;
    this.hint = details.hint;
    this.remedy = details.remedy;
    this.status = details.status;
    this.reason = details.reason;
  }
}

/** Any thrown value as a Failure; what is not one already is a bug of ours and keeps its cause. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('bug', message, { cause: thrown });
}
