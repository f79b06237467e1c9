// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { denialOf } from '../kube/denial.js';
import { execNeeds } from '../kube/exec-status.js';
import { entryOfWords } from '../permissions/entry-flags.js';
import { permissionVerb } from '../permissions/command-verb.js';
import { missingRoleYaml, rbacCommand } from '../permissions/missing-role.js';

/** A hint without what the Role says better. */
function withoutExecNeeds(hint: string | undefined): string | undefined {
  const words = hint?.split('; ').filter((sentence) => sentence !== execNeeds);
  return words === undefined || words.length === 0 ? undefined : words.join('; ');
}

/**
 * A denied permission with what would allow it: the command that prints all that the command line `argv` needs, and the Role of what
 * was missing. Any other failure as it is.
 */
export function withMissingRole(failure: Failure, argv: readonly string[]): Failure {
  if (failure.code !== 'forbidden' || failure.remedy !== undefined) return failure;
  const denial = denialOf(failure);
  if (denial === undefined) return failure;
  const command = permissionVerb(argv) ?? argv[0] ?? '';
  const rbac = rbacCommand(denial, command, entryOfWords(argv));
  const advice =
    rbac === undefined ? [failure.hint] : [withoutExecNeeds(failure.hint), `all that ${command} needs: ${rbac}`];
  const { code, message, status, reason, cause } = failure;
  return new Failure(code, message, {
    hint: advice.filter((text) => text !== undefined).join('; ') || undefined,
    remedy: `# to allow what was missing, have somebody who may do so apply:\n${missingRoleYaml(denial, command)}`,
    cause,
    status,
    reason,
  });
}
