// SPDX-License-Identifier: Apache-2.0
import type { Explanations } from './explanations.js';
import type { Observation } from './observation.js';
import { grouped, type ServiceContext } from './service-context.js';
import { endpointWords, serviceName } from './service-words.js';
import { distinct, fromNodes, listed } from './words.js';

/** Endpoints of the server, one by one, and of the API server, together; what external names are asked of is a DNS server and told there. */
export function explainEndpoints(context: ServiceContext, explanations: Explanations): void {
  const failed = context.failed.filter(
    ({ outcome }) => outcome.via === 'endpoint' && (outcome.kind === 'server' || outcome.kind === 'api'),
  );
  const unexplained = failed.filter((one) => explanations.of(one) === undefined);
  const key = ({ outcome }: Observation) =>
    outcome.kind === 'api' ? 'api' : `server ${outcome.pod ?? outcome.address ?? ''}`;
  for (const ones of grouped(unexplained, key).values()) {
    const outcomes = ones.map(({ outcome }) => outcome);
    const [first] = outcomes;
    if (first === undefined) continue;
    const sources = distinct(ones.map(({ source }) => source));
    const where = fromNodes(sources, context.judgedNodes);
    const isApi = first.kind === 'api';
    const what = isApi
      ? `the API server (${listed(outcomes.flatMap(({ address }) => address ?? []))})`
      : endpointWords(outcomes, `endpoint`);
    const ofWhat = isApi ? '' : ` of ${serviceName(first)}`;
    explanations.add(
      {
        kind: isApi ? 'apiServer' : 'endpoint',
        severity: 'failure',
        nodes: sources,
        message: `${what}${ofWhat} is not reached ${where}`,
        hint: isApi
          ? 'look whether an egress policy or a firewall is in between: nodes reach it, or they would not be Ready'
          : 'look at that pod and its log, and at what filters its port',
      },
      ones,
    );
  }
}
