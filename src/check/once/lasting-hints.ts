// SPDX-License-Identifier: Apache-2.0
import type { CheckFinding } from '../../model/check.js';

function hintOf(message: string): string {
  if (/Image|Registry|Signature/.test(message)) {
    return 'the nodes must be able to pull the image: --agent-image names another one, --image-pull-secret a Secret to pull with';
  }
  // Slow nodes and slow registries; what the scheduler refuses does not get better.
  if (/pod Pending(: ContainerCreating)?$/.test(message)) return 'give slow nodes more time with --timeout';
  return 'the pods are gone with the check; those of kubectl netmachinery check install stay to be looked at';
}

/** The findings with hints that hold when they are read: by then the pods of a one-shot check are removed. */
export function withLastingHints(findings: readonly CheckFinding[]): CheckFinding[] {
  return findings.map((finding) => {
    const { kind, hint, message } = finding;
    const isAboutPod = kind === 'agentAbsent' && hint?.startsWith('kubectl describe pod ') === true;
    return isAboutPod ? { ...finding, hint: hintOf(message) } : finding;
  });
}
