// SPDX-License-Identifier: Apache-2.0
import type { AgentNetwork, AgentReport } from '../model/check.js';
import { familyOf, type Family } from './family.js';
import type { JudgedAgent } from './observation.js';

interface Speaker {
  node: string;
  network: AgentNetwork;
  family: Family;
}

/**
 * Who heard whom: what agents' servers got, whether their answers arrived or not. An answer needs both directions, so
 * this alone tells which one is broken.
 */
export class Hearsay {
  /** By node and network of who listens; none of those that do not tell. */
  readonly #heard = new Map<string, Speaker[]>();

  constructor(agents: readonly JudgedAgent[]) {
    const speakers = speakersOf(agents);
    for (const { known, report } of agents) {
      if (report?.heard === undefined) continue;
      const heard = report.heard.flatMap(({ address, udp, tcp }) => {
        const speaker = udp + tcp > 0 ? speakers.get(plain(address)) : undefined;
        return speaker === undefined || speaker.node === known.node ? [] : [speaker];
      });
      this.#heard.set(listenerKey(known.node, known.network), heard);
    }
  }

  /** Whether agents of one node heard those of another, in the one network and family or at all; undefined: they do not tell. */
  hears(listener: string, speaker: string, network?: AgentNetwork, family?: Family): boolean | undefined {
    const networks: readonly AgentNetwork[] = network === undefined ? ['pod', 'host'] : [network];
    const lists = networks.flatMap((one) => {
      const heard = this.#heard.get(listenerKey(listener, one));
      return heard === undefined ? [] : [heard];
    });
    if (lists.length === 0) return undefined;
    return lists
      .flat()
      .some(
        (one) =>
          one.node === speaker &&
          (network === undefined || one.network === network) &&
          (family === undefined || one.family === family),
      );
  }
}

function listenerKey(node: string, network: AgentNetwork): string {
  return `${network}/${node}`;
}

/** As a socket for both families shows an IPv4 address (RFC 4291 2.5.5.2). */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
}

/** Whose an address is. One that several nodes have, such as that of a bridge, is nobody's. */
function speakersOf(agents: readonly JudgedAgent[]): Map<string, Speaker> {
  const speakers = new Map<string, Speaker | undefined>();
  const learn = (address: string, node: string, network: AgentNetwork): void => {
    const key = plain(address);
    const before = speakers.get(key);
    const isOthers = speakers.has(key) && (before === undefined || before.node !== node);
    // An agent's own address says more than a list of a node's interfaces.
    speakers.set(key, isOthers ? undefined : (before ?? { node, network, family: familyOf(key) }));
  };
  for (const { known } of agents) {
    const report = known.reports.at(-1);
    for (const address of report?.agent.ips ?? []) learn(address, known.node, known.network);
  }
  for (const { report } of agents) {
    for (const { kind, address, node, network } of report?.outcomes ?? []) {
      if (kind === 'agent' && address !== undefined && node !== undefined && network !== undefined) {
        learn(address, node, network);
      }
    }
  }
  for (const { known } of agents) {
    for (const address of interfaceAddresses(known.reports.at(-1))) learn(address, known.node, known.network);
  }
  return new Map([...speakers].flatMap(([address, speaker]) => (speaker === undefined ? [] : [[address, speaker]])));
}

function interfaceAddresses(report: AgentReport | undefined): string[] {
  return (report?.interfaces ?? [])
    .filter(({ name }) => name !== 'lo')
    .flatMap(({ addresses }) => addresses.map((address) => address.replace(/\/.*$/, '')))
    .filter((address) => !/^fe80:/i.test(address));
}
