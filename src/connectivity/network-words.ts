// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork } from '../model/check.js';
import { lostDirection } from './lost-direction.js';
import { bits, families, type PairProbes, type Path } from './pair-probes.js';
import type { PathContext, Words } from './path-context.js';
import { familyWords, placeWords } from './path-words.js';
import { placeNodes, type Placed } from './place.js';
import { listed } from './words.js';

/** Of the two networks one does not work, and the other may. */
export function networkWords(placed: Placed, context: PathContext, which: AgentNetwork): Words {
  const { place, found } = placed;
  const over = familyWords(placed);
  const kind = which === 'pod' ? 'podNetwork' : 'hostNetwork';
  const other: Path = which === 'pod' ? 'host-host' : 'pod-pod';
  const isOtherWell = found.every(({ pair }) => works(pair, other));
  const own = which === 'pod' ? 'the pod network' : "the nodes' own network";
  const rest = which === 'pod' ? "the nodes' own network works" : 'the pod network works';
  const tail = isOtherWell ? `; ${rest}` : '';
  const nodes = placeNodes(place);
  const hint =
    which === 'pod'
      ? `look at the network plugin on ${listed(nodes)}: its pods, routes, and the port of its tunnel`
      : `look at the firewall and routes of ${listed(nodes)}`;
  if (place.scope === 'pair' || place.scope === 'oneWay') {
    const lost = lostDirection(place.nodes[0], place.nodes[1], context, which, placed);
    if (lost !== undefined) {
      const [from, to] = lost;
      const what = which === 'pod' ? 'packets between pods' : "packets of the nodes' own network";
      return {
        kind,
        nodes: [from, to],
        message: `${what} from ${from} to ${to} are lost${over} (${from} hears ${to} and gets no answer)${tail}`,
        hint,
      };
    }
  }
  return { kind, nodes, message: `${own} does not work ${placeWords(place)}${over}${tail}`, hint };
}

function works({ good, bad }: PairProbes, path: Path): boolean {
  const mask = bits([path]);
  return families.some((family) => (good[family] & mask) !== 0 && (bad[family] & mask) === 0);
}
