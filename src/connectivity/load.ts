// SPDX-License-Identifier: Apache-2.0
import type { CheckSettings } from '../model/check.js';

/** icmp, tcp, udp, http, large. */
const probesOfAgent = 5;
/** By name, by virtual address, and by two endpoints or so: of the server, of the API server, of DNS. */
const probesOfServices = 11;

/**
 * One line that says what a round costs, before it starts: reports, and probes of `nodes` nodes with `networks` agents
 * each, as of one IP family; with two there are nearly twice as many. `often` tells when rounds are made, where that is
 * not once an interval.
 */
export function loadText(
  nodes: number,
  networks: number,
  settings: CheckSettings,
  often = `every ${settings.intervalMs / 1000} s`,
): string {
  const { neighbours, urls, externalName } = settings;
  const otherNodes = Math.max(0, nodes - 1);
  const neighbourCount = neighbours <= 0 ? otherNodes : Math.min(neighbours, otherNodes);
  const agents = nodes * networks;
  const acrossNodes = neighbourCount * (networks * probesOfAgent + 1);
  const insideNode = (networks - 1) * probesOfAgent;
  const perServices = probesOfServices + urls.length + (externalName === undefined ? 0 : 3);
  const probes = agents * (acrossNodes + insideNode + perServices);
  const reports = `${number(agents)} ${agents === 1 ? 'report' : 'reports'}`;
  return `about ${number(probes)} probes and ${reports} ${often}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
