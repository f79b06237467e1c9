// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicy } from '../kube/objects.js';
import { matchesSelector } from '../targets/label-selectors.js';
import type { Connection, Party, PolicyFacts } from './connection.js';
import { ruleMatches, unreadable } from './rule-matches.js';
import { affects, rulesOf, type Direction, type PolicyRule } from './rules.js';
import { and, not, or, type Truth } from './truth.js';

type PolicyText = 'allow' | 'deny' | 'unknown';

/** What the policies of one end say of a connection. */
export interface DirectionEvaluation {
  direction: Direction;
  text: PolicyText;
  /** The end whose pod is or may be isolated: the source for egress, the destination for ingress. */
  subject: Party;
  /** Those that select it for this direction, for certain. */
  selecting: NetworkPolicy[];
  /** The rules of those that allow the connection. */
  allowing: { policy: NetworkPolicy; rule: PolicyRule }[];
  /** It is allowed whatever policies say: a pod to itself, a pod and the node it runs on. */
  exempt: boolean;
  /** Why the text is unknown. */
  doubts: string[];
}

/** What the text of all policies says of a connection: both ends have to allow it. */
export interface PolicyEvaluation {
  text: PolicyText;
  egress: DirectionEvaluation;
  ingress: DirectionEvaluation;
}

const withoutPorts = 'NetworkPolicy leaves open what it means for packets without ports, such as ICMP: plugins differ';

function textOf(allowed: Truth): PolicyText {
  return allowed === undefined ? 'unknown' : allowed ? 'allow' : 'deny';
}

function truthOf(text: PolicyText): Truth {
  return text === 'unknown' ? undefined : text === 'allow';
}

/**
 * Traffic between a pod and its own node is always allowed, and a pod cannot block access to itself (kubernetes.io,
 * "Network Policies").
 */
function isExempt({ source, destination }: Connection): boolean {
  if (source.kind === 'pod' && destination.kind === 'pod') {
    return source.namespace === destination.namespace && source.name === destination.name;
  }
  if (destination.kind === 'address' || source.kind === destination.kind) return false;
  return source.node !== undefined && source.node === destination.node;
}

function evaluateDirection(connection: Connection, direction: Direction, facts: PolicyFacts): DirectionEvaluation {
  const { source, destination } = connection;
  const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
  const found = { direction, subject, selecting: [], allowing: [], exempt: false, doubts: [] };
  if (subject.kind === 'node') return { ...found, text: 'allow' };
  if (subject.kind === 'address') {
    const { doubt } = subject;
    return doubt === undefined ? { ...found, text: 'allow' } : { ...found, text: 'unknown', doubts: [doubt] };
  }
  const { namespace } = subject;
  const policies = facts.policies(namespace)?.filter((policy) => affects(policy, direction));
  const selects = ({ spec: { podSelector = {} } }: NetworkPolicy): Truth =>
    subject.facts === undefined ? undefined : matchesSelector(podSelector, subject.facts.labels);
  const selecting = policies?.filter((policy) => selects(policy) === true) ?? [];
  if (isExempt(connection)) return { ...found, selecting, exempt: true, text: 'allow' };
  if (policies === undefined) {
    return { ...found, text: 'unknown', doubts: [`the NetworkPolicies of ${namespace} could not be read`] };
  }
  const isolated = or(...policies.map(selects));
  if (isolated === false) return { ...found, text: 'allow' };
  if (connection.protocol === 'none') return { ...found, selecting, text: 'unknown', doubts: [withoutPorts] };
  const doubts = new Set<string>(subject.facts === undefined ? [unreadable(subject)] : []);
  const context = { peer, connection, facts, namespace, doubt: (why: string) => doubts.add(why) };
  const rules = policies.flatMap((policy) =>
    rulesOf(policy, direction).map((rule) => ({
      policy,
      rule,
      allows: and(selects(policy), selects(policy) === false ? false : ruleMatches(rule, context)),
    })),
  );
  const text = textOf(or(not(isolated), ...rules.map(({ allows }) => allows)));
  return {
    ...found,
    text,
    selecting,
    allowing: rules.filter(({ allows }) => allows === true).map(({ policy, rule }) => ({ policy, rule })),
    doubts: text === 'unknown' ? [...doubts] : [],
  };
}

/**
 * What the text of networking.k8s.io/v1 NetworkPolicies says of a connection, as the API reference defines it, whatever a
 * plugin does. `unknown` where the API leaves it open, or where what it depends on could not be read.
 */
export function evaluatePolicies(connection: Connection, facts: PolicyFacts): PolicyEvaluation {
  const egress = evaluateDirection(connection, 'egress', facts);
  const ingress = evaluateDirection(connection, 'ingress', facts);
  return { text: textOf(and(truthOf(egress.text), truthOf(ingress.text))), egress, ingress };
}
