// SPDX-License-Identifier: Apache-2.0
import type { NetworkPolicy } from '../kube/objects.js';
import type { Party } from './connection.js';
import type { DirectionEvaluation, PolicyEvaluation } from './evaluate-policies.js';
import { fewOf, ruleText } from './rule-text.js';
import { policyName, rulesOf, type PolicyRule } from './rules.js';

/** `shop/web`; a node's name; an address. */
function partyName(party: Party): string {
  if (party.kind === 'pod') return `${party.namespace}/${party.name}`;
  return party.kind === 'node' ? party.name : party.address;
}

/** `by its text shop/deny lets`, `by their text shop/a, shop/b let`. */
function subjectOf(policies: readonly NetworkPolicy[], verbs: { one: string; many: string }): string {
  const names = [...new Set(policies.map(policyName))];
  return names.length === 1
    ? `by its text ${names[0] ?? ''} ${verbs.one}`
    : `by their text ${fewOf(names)} ${verbs.many}`;
}

type PolicyRules = readonly { policy: NetworkPolicy; rule: PolicyRule }[];

function rulesText(rules: PolicyRules, destination: Party): string {
  const texts = rules.map(({ policy, rule }) => ruleText(rule, policy.metadata.namespace ?? '', destination));
  return fewOf(texts, ' or ');
}

function deniedLine({ direction, selecting, subject }: DirectionEvaluation, destination: Party): string {
  const name = partyName(subject);
  const lets = subjectOf(selecting, { one: 'lets', many: 'let' });
  const rules = selecting.flatMap((policy) => rulesOf(policy, direction).map((rule) => ({ policy, rule })));
  if (rules.length === 0) return `${lets} nothing ${direction === 'egress' ? 'out of' : 'into'} ${name}`;
  const allowed = rulesText(rules, destination);
  return direction === 'egress' ? `${lets} ${name} send only to ${allowed}` : `${lets} only ${allowed} into ${name}`;
}

function allowedLine({ direction, allowing, subject, exempt }: DirectionEvaluation, destination: Party): string {
  const name = partyName(subject);
  if (exempt || allowing.length === 0) return `policies never stand between a pod and itself or its own node (${name})`;
  const policies = allowing.map(({ policy }) => policy);
  const lets = subjectOf(policies, { one: 'lets', many: 'let' });
  const allowed = rulesText(allowing, destination);
  return direction === 'egress' ? `${lets} ${name} send to ${allowed}` : `${lets} ${allowed} into ${name}`;
}

function unknownLine({ direction, selecting, subject, doubts }: DirectionEvaluation): string {
  const why = fewOf(doubts, ', ');
  if (selecting.length === 0) return why;
  return `${subjectOf(selecting, { one: 'selects', many: 'select' })} ${partyName(subject)} for ${direction}, but ${why}`;
}

/**
 * What decides, a line each direction: the policies that deny or allow, and what they allow; why it is unknown; or that
 * nothing selects the pods.
 */
export function evaluationLines({ text, egress, ingress }: PolicyEvaluation, destination: Party): string[] {
  const directions = [egress, ingress];
  if (text === 'deny') {
    return directions.filter((each) => each.text === 'deny').map((each) => deniedLine(each, destination));
  }
  if (text === 'unknown') return directions.filter((each) => each.text === 'unknown').map(unknownLine);
  const selected = directions.filter(({ selecting }) => selecting.length > 0);
  if (selected.length > 0) return [...new Set(selected.map((each) => allowedLine(each, destination)))];
  return [
    `no NetworkPolicy selects ${partyName(egress.subject)} for egress or ${partyName(ingress.subject)} for ingress`,
  ];
}
