// SPDX-License-Identifier: Apache-2.0
import type { AgentInterface } from '../../model/check.js';

/** What of an interface has been counted that should not be: `rx errors 3, tx dropped 1`; empty where nothing has. */
export function troubleText({ rxErrors, txErrors, rxDropped, txDropped }: AgentInterface): string {
  const counts: [string, number][] = [
    ['rx errors', rxErrors],
    ['tx errors', txErrors],
    ['rx dropped', rxDropped],
    ['tx dropped', txDropped],
  ];
  return counts.flatMap(([word, count]) => (count > 0 ? [`${word} ${count}`] : [])).join(', ');
}

/** `eth0 mtu 1450 (rx dropped 12)`. */
export function interfaceText(each: AgentInterface): string {
  const trouble = troubleText(each);
  return `${each.name} mtu ${each.mtu}${trouble === '' ? '' : ` (${trouble})`}`;
}
