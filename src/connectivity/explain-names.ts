// SPDX-License-Identifier: Apache-2.0
import type { Draft, Explanations } from './explanations.js';
import type { Observation } from './observation.js';
import { grouped, type ServiceContext } from './service-context.js';
import { serviceName } from './service-words.js';
import { distinct, fromNodes } from './words.js';

/** Names of Services, and names outside that DNS servers are asked for. */
export function explainNames(context: ServiceContext, explanations: Explanations): void {
  const names: Observation[] = [];
  const outside: Observation[] = [];
  for (const one of context.failed) {
    if (explanations.of(one) !== undefined) continue;
    const { kind, via = 'name' } = one.outcome;
    if (kind === 'url' || kind === 'agent' || (kind !== 'external' && via !== 'name')) continue;
    const draft = kind === 'external' ? byServer(one, context, explanations) : byService(one, context, explanations);
    if (draft !== undefined) explanations.attach(draft, one);
    else (kind === 'external' ? outside : names).push(one);
  }
  for (const ones of grouped(names, ({ outcome }) => outcome.host ?? '').values()) {
    const sources = distinct(ones.map(({ source }) => source));
    const outcome = ones[0]?.outcome;
    if (outcome === undefined) continue;
    const name = outcome.host ?? serviceName(outcome);
    const where = fromNodes(sources, context.judgedNodes);
    const words = ones.every(({ failure }) => failure === 'nameNotFound')
      ? `the name ${name} is not found ${where}`
      : `${serviceName(outcome)} is not reached by its name ${name} ${where}, by its addresses it is`;
    const hint = "look at the resolver of the agents' pods (search domains, nameservers), and at what answers there";
    explanations.add({ kind: 'serviceName', severity: 'failure', nodes: sources, message: words, hint }, ones);
  }
  for (const ones of grouped(outside, ({ outcome }) => outcome.host ?? '').values()) {
    const sources = distinct(ones.map(({ source }) => source));
    const name = ones[0]?.outcome.host ?? '';
    const where = fromNodes(sources, context.judgedNodes);
    const message = `${name} is not resolved ${where}, names of the cluster are`;
    const hint = 'look at what the DNS pods forward to (forward in the Corefile) and whether they reach it';
    explanations.add({ kind: 'externalName', severity: 'failure', nodes: sources, message, hint }, ones);
  }
}

/** A DNS server that does not answer for names of the cluster either. */
function byServer(one: Observation, context: ServiceContext, explanations: Explanations): Draft | undefined {
  return firstDraft(
    context.of(one, 'dns').filter(({ outcome }) => outcome.address === one.outcome.address),
    explanations,
  );
}

/** A name leads to a virtual address, that to an endpoint; and DNS comes before both. */
function byService(one: Observation, context: ServiceContext, explanations: Explanations): Draft | undefined {
  const own = context.of(one, one.outcome.kind);
  const isByDns = one.failure === 'nameNotFound';
  const ways = [
    own.filter(({ outcome }) => outcome.via === 'virtual'),
    own.filter(({ outcome }) => outcome.via === 'endpoint'),
  ];
  const dns = context.of(one, 'dns');
  const resolution = [
    dns.filter(({ outcome }) => outcome.via === 'virtual'),
    dns.filter(({ outcome }) => outcome.via === 'endpoint'),
  ];
  for (const ones of isByDns ? resolution : [...ways, ...resolution]) {
    const draft = firstDraft(ones, explanations);
    if (draft !== undefined) return draft;
  }
  return undefined;
}

function firstDraft(ones: readonly Observation[], explanations: Explanations): Draft | undefined {
  const broken = ones
    .filter(({ failure }) => failure !== undefined)
    .sort((left, right) => ((left.outcome.address ?? '') < (right.outcome.address ?? '') ? -1 : 1));
  for (const one of broken) {
    const draft = explanations.of(one);
    if (draft !== undefined) return draft;
  }
  return undefined;
}

/** Further URLs; one whose name is not found where DNS is broken is broken by that. */
export function explainUrls(context: ServiceContext, explanations: Explanations): void {
  const own: Observation[] = [];
  for (const one of context.failed) {
    if (one.outcome.kind !== 'url' || explanations.of(one) !== undefined) continue;
    const draft = one.failure === 'nameNotFound' ? firstDraft(context.of(one, 'dns'), explanations) : undefined;
    if (draft !== undefined) explanations.attach(draft, one);
    else own.push(one);
  }
  for (const [url, ones] of grouped(own, ({ outcome }) => outcome.url ?? '')) {
    const nodes = distinct(ones.map(({ source }) => source));
    const details = distinct(ones.map(({ outcome, failure }) => outcome.detail ?? failure ?? ''));
    const why = details.length === 1 ? ` (${details[0] ?? ''})` : '';
    const message = `${url} is not reached ${fromNodes(nodes, context.judgedNodes)}${why}`;
    explanations.add({ kind: 'url', severity: 'failure', nodes, message }, ones);
  }
}
