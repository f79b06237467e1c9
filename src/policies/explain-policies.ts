// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicy } from '../kube/objects.js';
import type { Destination } from '../targets/destination.js';
import type { SourcePod } from '../targets/source-pod.js';
import type { Connection, Party, PolicyFacts } from './connection.js';
import { evaluatePolicies } from './evaluate-policies.js';
import { explainEvaluations, type Explained } from './explain-evaluations.js';
import { asksForNameOnly } from './namespace-matches.js';
import { destinationEnds, sourceParty } from './parties.js';
import type { PolicyReader } from './policy-reader.js';
import { rulesOf } from './rules.js';

/** One connection that was tried. */
export interface TriedConnection {
  source: SourcePod;
  destination: Destination;
  /** Where it was sent, when that is another address than the destination's: what a host name stood for. */
  resolvedAddress?: string | undefined;
  /** Undefined where it was not, for a reason that no policy stands behind. */
  reached: boolean | undefined;
}

/** The namespaces whose labels are needed: that of the other end, where a rule selects namespaces by more than a name. */
function selectsByLabels(policies: readonly NetworkPolicy[] | undefined): boolean {
  return (policies ?? [])
    .flatMap((policy) => [...rulesOf(policy, 'egress'), ...rulesOf(policy, 'ingress')])
    .flatMap(({ peers }) => peers)
    .some(({ namespaceSelector }) => namespaceSelector !== undefined && !asksForNameOnly(namespaceSelector));
}

/** One connection for each end that the packets may have arrived at. */
async function connectionsOf(
  { source, destination, resolvedAddress }: TriedConnection,
  reader: PolicyReader,
): Promise<Connection[]> {
  const { family, protocol = 'none' } = destination;
  const ends = await destinationEnds(destination, resolvedAddress ?? destination.address ?? '', source, reader);
  return ends.map(({ party, port }) => ({ source: sourceParty(source, family), destination: party, protocol, port }));
}

function namespaceOf(party: Party): string | undefined {
  return party.kind === 'pod' ? party.namespace : undefined;
}

/** Everything that connections need, read in two rounds: policies, and then the labels that they turn out to ask for. */
async function readFacts(connections: readonly Connection[], reader: PolicyReader): Promise<PolicyFacts> {
  const ends = connections.map(({ source, destination }) => [namespaceOf(source), namespaceOf(destination)]);
  const namespaces = new Set(ends.flat().filter((namespace) => namespace !== undefined));
  const read = async (namespace: string) => [namespace, await reader.policies(namespace)] as const;
  const policies = new Map(await Promise.all([...namespaces].map(read)));
  const selected = new Set(
    ends.flatMap(([from, to]) => [
      ...(to !== undefined && from !== undefined && selectsByLabels(policies.get(from)) ? [to] : []),
      ...(to !== undefined && from !== undefined && selectsByLabels(policies.get(to)) ? [from] : []),
    ]),
  );
  const readLabels = async (namespace: string) => [namespace, await reader.namespaceLabels(namespace)] as const;
  const labels = new Map(await Promise.all([...selected].map(readLabels)));
  return { policies: (name) => policies.get(name), namespaceLabels: (name) => labels.get(name) };
}

/**
 * What the text of the NetworkPolicies says of connections, in their order, beside what was measured. Reads policies once a
 * namespace, and pods and namespaces by name; what may not be read makes the text `unknown`, and nothing throws.
 */
export async function explainPolicies(reader: PolicyReader, tried: readonly TriedConnection[]): Promise<Explained[]> {
  // Beside the pods, which take as long.
  for (const { source, destination } of tried) {
    void reader.policies(source.namespace);
    if (destination.pod !== undefined) void reader.policies(destination.pod.namespace);
  }
  const connections = await Promise.all(tried.map((each) => connectionsOf(each, reader)));
  const facts = await readFacts(connections.flat(), reader);
  return tried.map(({ reached }, index) =>
    explainEvaluations(
      (connections[index] ?? []).map((connection) => ({
        evaluation: evaluatePolicies(connection, facts),
        destination: connection.destination,
      })),
      reached,
    ),
  );
}
