// SPDX-License-Identifier: Apache-2.0
import type {
  CheckAgent,
  CheckCell,
  CheckFinding,
  CheckReport,
  CheckService,
  FindingKind,
  TargetKind,
} from '../../model/check.js';
import type { Verdict } from '../../model/verdict.js';
import { worstFindings } from './order.js';

/** What a finding is about: agents themselves, the way between nodes, or services of these kinds. */
const places: Record<FindingKind, 'agents' | 'nodes' | Exclude<TargetKind, 'agent'>[]> = {
  agentAbsent: 'agents',
  agentOutdated: 'agents',
  clock: 'agents',
  nodeIsolated: 'nodes',
  direction: 'nodes',
  crossNode: 'nodes',
  podNetwork: 'nodes',
  hostNetwork: 'nodes',
  largePackets: 'nodes',
  port: 'nodes',
  pair: 'nodes',
  dnsServer: ['dns'],
  dns: ['dns'],
  virtualAddress: ['server', 'api', 'dns'],
  serviceName: ['server', 'api'],
  endpoint: ['server'],
  apiServer: ['api'],
  externalName: ['external'],
  url: ['url'],
};

/** Findings of a node's agents themselves, worst first. */
export function agentFindings({ findings }: CheckReport, node: string): CheckFinding[] {
  return worstFindings(findings).filter(({ kind, nodes }) => places[kind] === 'agents' && nodes.includes(node));
}

/** Findings that explain what fails between two nodes, worst first; those without nodes are about all of them. */
export function cellFindings({ findings }: CheckReport, { source, destination }: CheckCell): CheckFinding[] {
  return worstFindings(findings).filter(({ kind, nodes }) => {
    if (places[kind] !== 'nodes') return false;
    if (kind === 'direction') return nodes[0] === source && nodes[1] === destination;
    return nodes.length === 0 || nodes.includes(source) || nodes.includes(destination);
  });
}

/** Findings that explain what fails of a service, worst first. */
export function serviceFindings({ findings }: CheckReport, { kind, failedFrom }: CheckService): CheckFinding[] {
  return worstFindings(findings).filter(({ kind: shape, nodes }) => {
    const place = places[shape];
    if (!Array.isArray(place) || !place.includes(kind)) return false;
    return nodes.length === 0 || failedFrom.length === 0 || nodes.some((node) => failedFrom.includes(node));
  });
}

/** An agent is a test: not OK is a failure, but for what its findings call unknown or a warning. */
export function agentVerdict(report: CheckReport, node: string, { state }: CheckAgent): Verdict {
  if (state === 'OK') return 'pass';
  const about = agentFindings(report, node).filter(({ kind }) => kind !== 'clock');
  if (about.length === 0) return 'fail';
  const severity = about[0]?.severity;
  return severity === 'failure' ? 'fail' : severity === 'unknown' ? 'inconclusive' : 'pass';
}
