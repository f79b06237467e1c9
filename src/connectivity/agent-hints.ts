// SPDX-License-Identifier: Apache-2.0
import { checkHostNamespace, checkNamespace, type CheckReport } from '../model/check.js';
import { silentCause } from './agent-state.js';
import type { KnownAgent } from './check-input.js';

const namespaces = { pod: checkNamespace, host: checkHostNamespace } as const;

/** What to do about an agent that does not report. */
export function agentHint({ node, network, agent }: KnownAgent, mode: CheckReport['mode']): string {
  const { cause = '', pod } = agent;
  if (cause.startsWith('node ')) return `kubectl describe node ${node}`;
  if (cause === '' || cause === silentCause) {
    return 'the pod runs but its reports do not arrive: look at its log, and at the way from there to the server';
  }
  if (mode === 'once') return hintOfOnce(cause);
  const where = `-n ${namespaces[network]}`;
  return pod === undefined
    ? `kubectl get daemonsets,events ${where} tells why there is no pod`
    : `kubectl describe pod ${pod} ${where}`;
}

/** The pods of a one-shot check are removed when this is read. */
function hintOfOnce(cause: string): string {
  if (/Image|Registry|Signature/.test(cause)) {
    return 'the nodes must be able to pull the image: --agent-image names another one, --image-pull-secret a Secret to pull with';
  }
  // Slow nodes and slow registries; what the scheduler refuses does not get better.
  if (/pod Pending(: ContainerCreating)?$/.test(cause)) return 'give slow nodes more time with --timeout';
  return 'the pods are gone with the check; those of kubectl netmachinery check install stay to be looked at';
}
