// SPDX-License-Identifier: Apache-2.0
import type { TargetKind } from '../model/check.js';
import { explainDns } from './explain-dns.js';
import { explainEndpoints } from './explain-endpoints.js';
import { explainNames, explainUrls } from './explain-names.js';
import { explainVirtualAddresses } from './explain-virtual-addresses.js';
import type { Explanations, Way } from './explanations.js';
import type { Observation } from './observation.js';
import { grouped, type ServiceContext } from './service-context.js';

/** Explains all failures of Services, names and URLs that nothing else explains. What depends on another comes after it. */
export function explainServices(
  observations: readonly Observation[],
  judgedNodes: ReadonlySet<string>,
  nodeOf: (address: string) => string | undefined,
  explanations: Explanations,
): void {
  const services = observations.filter(({ outcome }) => outcome.kind !== 'agent');
  const failed = services.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return;
  const byAgent = grouped(services, (one) => agentAndKind(one, one.outcome.kind));
  const byKind = grouped(services, ({ outcome }) => outcome.kind);
  const context: ServiceContext = {
    failed,
    of: (source, kind) => byAgent.get(agentAndKind(source, kind)) ?? [],
    ofKind: (kind) => byKind.get(kind) ?? [],
    judgedNodes,
    nodeOf,
  };
  explainByPaths(context, explanations);
  explainDns(context, explanations);
  explainEndpoints(context, explanations);
  explainVirtualAddresses(context, explanations);
  explainNames(context, explanations);
  explainUrls(context, explanations);
}

function agentAndKind({ source, sourceNetwork }: Observation, kind: TargetKind): string {
  return `${kind}/${sourceNetwork}/${source}`;
}

/** An endpoint that is behind what is broken between agents too. */
function explainByPaths({ failed, nodeOf, ofKind }: ServiceContext, explanations: Explanations): void {
  const endpoints = failed.filter(({ outcome }) => outcome.via === 'endpoint');
  for (const sameAddress of grouped(endpoints, ({ outcome }) => `${outcome.kind} ${outcome.address ?? ''}`).values()) {
    const found = sameAddress.map((one) => ({ one, draft: explanations.covering(wayOf(one, nodeOf)) }));
    const answersSomebody = ofKind(sameAddress[0]?.outcome.kind ?? 'url').some(
      ({ outcome, failure }) => failure === undefined && outcome.address === sameAddress[0]?.outcome.address,
    );
    for (const { one, draft } of found) {
      if (draft === undefined) continue;
      // One protocol or port that agents do not get through says little of an endpoint that answers nobody at all.
      if (draft.kind === 'port' && !answersSomebody && found.some((other) => other.draft !== draft)) continue;
      explanations.attach(draft, one);
    }
  }
}

function wayOf(observation: Observation, nodeOf: (address: string) => string | undefined): Way {
  const { source, sourceNetwork, outcome, probe, family } = observation;
  const ownNode = outcome.address === undefined ? undefined : nodeOf(outcome.address);
  const isHost = ownNode !== undefined || outcome.kind === 'api';
  return {
    source,
    destination: outcome.node ?? ownNode ?? '',
    path: `${sourceNetwork}-${isHost ? 'host' : 'pod'}`,
    protocol: probe === 'dns' ? 'udp' : probe === 'icmp' ? 'icmp' : 'tcp',
    family,
    address: outcome.address,
  };
}
