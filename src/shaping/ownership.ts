// SPDX-License-Identifier: Apache-2.0
import { ifbName, rootHandle } from './places.js';
import type { PodNetwork, Qdisc } from './pod-network.js';

export type Ownership = { state: 'free' } | { state: 'ours'; device: string } | { state: 'foreign'; what: string };

/** Whether a root qdisc is the one that only we make. */
export const isOurRoot = ({ kind, handle, root }: Qdisc): boolean =>
  root === true && kind === 'htb' && handle === rootHandle;

/** The kernel's own root qdisc, whatever its kind, has no handle. */
const isDefaultRoot = ({ handle }: Qdisc): boolean => handle === '0:';

/** Whose a pod's network is: ours whichever of its interfaces we took, somebody else's where `device` has another root qdisc. */
export function ownershipOf({ qdiscs }: PodNetwork, device: string): Ownership {
  const ours = qdiscs.filter(isOurRoot).map(({ dev }) => dev);
  // The ifb is only there beside the interface that it serves, but for what was removed half-way.
  const taken = ours.find((dev) => dev !== ifbName) ?? ours[0];
  if (taken !== undefined) return { state: 'ours', device: taken };
  const foreign = qdiscs.find((qdisc) => qdisc.root === true && qdisc.dev === device && !isDefaultRoot(qdisc));
  if (foreign === undefined) return { state: 'free' };
  return { state: 'foreign', what: `qdisc ${foreign.kind} ${foreign.handle}` };
}
