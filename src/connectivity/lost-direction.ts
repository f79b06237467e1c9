// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork } from '../model/check.js';
import type { PathContext, Words } from './path-context.js';
import type { Placed } from './place.js';

/** Source and destination of the packets that are lost between two nodes, where what their servers heard tells it. */
export function lostDirection(
  one: string,
  other: string,
  { hearsay }: PathContext,
  network: AgentNetwork | undefined,
  { symptom }: Placed,
): [string, string] | undefined {
  const oneHears = hearsay.hears(one, other, network, symptom.family);
  const otherHears = hearsay.hears(other, one, network, symptom.family);
  if (oneHears === true && otherHears !== true) return [one, other];
  return otherHears === true && oneHears !== true ? [other, one] : undefined;
}

/** `over`: the family, where only one is concerned. */
export function directed([from, to]: [string, string], context: PathContext, over: string): Words {
  const proof =
    context.hearsay.hears(to, from) === undefined
      ? `${from} hears ${to} and gets no answer`
      : `${to} hears nothing of ${from}, ${from} hears ${to}`;
  return {
    kind: 'direction',
    nodes: [from, to],
    message: `packets from ${from} to ${to} are lost${over} (${proof})`,
    hint: `look at what ${from} sends and ${to} filters: routes, firewall, reverse path filtering`,
  };
}
