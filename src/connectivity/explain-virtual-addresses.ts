// SPDX-License-Identifier: Apache-2.0
import type { FindingKind } from '../model/check.js';
import type { Explanations } from './explanations.js';
import type { Observation } from './observation.js';
import { grouped, type ServiceContext } from './service-context.js';
import { serviceName } from './service-words.js';
import { distinct, fromNodes, listed } from './words.js';

const kindsWithoutEndpoints: Partial<Record<Observation['outcome']['kind'], FindingKind>> = {
  server: 'endpoint',
  api: 'apiServer',
  dns: 'dns',
};

/**
 * Virtual addresses: a packet to one goes to any endpoint, so where one of those fails too that is why; else it is what
 * translates addresses on the node, which is one fault however many Services show it.
 */
export function explainVirtualAddresses(context: ServiceContext, explanations: Explanations): void {
  const failed = context.failed.filter(({ outcome }) => outcome.via === 'virtual' && outcome.kind !== 'external');
  const own: Observation[] = [];
  const withoutEndpoints: Observation[] = [];
  for (const one of failed) {
    const endpoints = context
      .of(one, one.outcome.kind)
      .filter(({ outcome, family }) => outcome.via === 'endpoint' && family === one.family);
    const broken = endpoints.find((endpoint) => endpoint.failure !== undefined);
    const draft = broken === undefined ? undefined : explanations.of(broken);
    if (draft !== undefined) explanations.attach(draft, one);
    else if (endpoints.length === 0) withoutEndpoints.push(one);
    else own.push(one);
  }
  for (const ones of grouped(withoutEndpoints, ({ outcome }) => outcome.kind).values()) {
    const [first] = ones;
    if (first === undefined) continue;
    const sources = distinct(ones.map(({ source }) => source));
    const message = `${serviceName(first.outcome)} has no ready endpoint (asked ${fromNodes(sources, context.judgedNodes)})`;
    const kind = kindsWithoutEndpoints[first.outcome.kind] ?? 'endpoint';
    explanations.add({ kind, severity: 'failure', nodes: sources, message, hint: 'look at the pods behind it' }, ones);
  }
  const sourcesOf = sourcesByAddress(own);
  const alike = grouped(own, ({ outcome }) => JSON.stringify(sourcesOf.get(outcome.address ?? '')));
  for (const ones of alike.values()) addVirtual(ones, context, explanations);
}

function sourcesByAddress(ones: readonly Observation[]): Map<string, string[]> {
  const byAddress = grouped(ones, ({ outcome }) => outcome.address ?? '');
  return new Map([...byAddress].map(([address, same]) => [address, distinct(same.map(({ source }) => source))]));
}

function addVirtual(ones: readonly Observation[], context: ServiceContext, explanations: Explanations): void {
  const nodes = distinct(ones.map(({ source }) => source));
  const services = [...grouped(ones, ({ outcome }) => outcome.address ?? '')].map(
    ([address, [first]]) => [address, first === undefined ? '' : serviceName(first.outcome)] as const,
  );
  const where = fromNodes(nodes, context.judgedNodes);
  const [only] = services;
  const message =
    services.length === 1 && only !== undefined
      ? `the virtual address ${only[0]} of ${only[1]} is not reached ${where}, its endpoints are`
      : `the virtual addresses ${listed(services.map(([address, name]) => `${address} of ${name}`))} are not reached ${where}, their endpoints are`;
  explanations.add(
    {
      kind: 'virtualAddress',
      severity: 'failure',
      nodes,
      message: `${message}: look at kube-proxy on ${nodes.length > 1 && nodes.length === context.judgedNodes.size ? 'every node' : listed(nodes)}`,
      hint: 'kubectl get pods -n kube-system -o wide -l k8s-app=kube-proxy, or what translates virtual addresses in its place',
    },
    ones,
  );
}
