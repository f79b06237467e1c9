// SPDX-License-Identifier: Apache-2.0
import type { Identity } from './environment.js';
import { memberName, type Member } from './peer-list.js';
import { neighboursOf } from './ring.js';

/**
 * Whom this prober probes, by a key that changes with everything that its series or connections depend on.
 * Oneself is left out: the member of the own name, or, where the list has none, those of the own addresses (pods of the
 * host's network share theirs, so that the name goes first).
 */
export function destinationsOf(own: Identity, members: readonly Member[], neighbours: number): Map<string, Member> {
  const ownName = memberName(own);
  const byName = members.some((member) => memberName(member) === ownName);
  const itself = byName ? undefined : members.find((member) => own.ips.includes(member.ip));
  const ringName = itself === undefined ? ownName : memberName(itself);
  const byRingName = new Map(members.map((member) => [memberName(member), member]));
  const isOther = (member: Member): boolean => byName || !own.ips.includes(member.ip);
  return new Map(
    neighboursOf(ringName, byRingName.keys(), neighbours)
      .flatMap((name) => byRingName.get(name) ?? [])
      .filter(isOther)
      .map((member) => [JSON.stringify(member), member]),
  );
}
