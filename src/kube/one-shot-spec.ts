// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Container, Pod } from './objects.js';
import { podLabel } from './pod-eligibility.js';
import { rightsOf, toolContainerSpec, type ToolContainerRequest } from './tool-container-spec.js';

/** They stay in the pod's specification for ever, as tool containers do. */
const maxPerKind = 10;

function namePrefix(tool: ToolContainerRequest): string {
  const rights = rightsOf(tool);
  return rights === 'plain' ? 'netmachinery-once-' : `netmachinery-${rights}-once-`;
}

/** The first name that no container of the pod has. Throws Failure `tool` when there are too many. */
function nextName(pod: Pod, tool: ToolContainerRequest): string {
  const prefix = namePrefix(tool);
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const taken = [...containers, ...initContainers, ...ephemeralContainers].flatMap(({ name }) => {
    const digits = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return /^[1-9]\d*$/.test(digits) ? [Number(digits)] : [];
  });
  if (taken.length >= maxPerKind) {
    throw new Failure('tool', `pod ${podLabel(pod)} already has ${taken.length} one-shot containers of this kind`, {
      reason: 'ToolContainerFailed',
      hint: 'ephemeral containers cannot be removed: replace the pod (delete it, or kubectl rollout restart its owner)',
    });
  }
  return `${prefix}${Math.max(0, ...taken) + 1}`;
}

/** A one-shot container of a pod as it is sent. Throws Failure `tool` when the pod has too many. */
export function oneShotSpec(pod: Pod, tool: ToolContainerRequest, command: string[]): Container {
  return { ...toolContainerSpec(tool, 1, pod.metadata.uid), name: nextName(pod, tool), command };
}
