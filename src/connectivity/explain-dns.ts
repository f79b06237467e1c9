// SPDX-License-Identifier: Apache-2.0
import type { Explanations } from './explanations.js';
import type { Observation } from './observation.js';
import { grouped, type ServiceContext } from './service-context.js';
import { endpointWords } from './service-words.js';
import { distinct, fromNodes } from './words.js';

/** DNS servers: one of several, or all of them for somebody. */
export function explainDns(context: ServiceContext, explanations: Explanations): void {
  const failed = context.failed.filter(
    (one) => one.outcome.kind === 'dns' && one.outcome.via === 'endpoint' && explanations.of(one) === undefined,
  );
  const servers = new Set(
    context.ofKind('dns').flatMap((one) => (one.outcome.via === 'endpoint' ? [serverKey(one)] : [])),
  );
  const isNone = (one: Observation) =>
    context.of(one, 'dns').every(({ outcome, failure }) => outcome.via !== 'endpoint' || failure !== undefined);
  const none = failed.filter(isNone);
  if (none.length > 0) addNone(none, servers.size, context, explanations);
  const some = failed.filter((one) => !isNone(one));
  for (const [key, ones] of grouped(some, serverKey)) {
    const nodes = distinct(ones.map(({ source }) => source));
    const answersSomebody = context
      .ofKind('dns')
      .some((one) => one.outcome.via === 'endpoint' && serverKey(one) === key && one.failure === undefined);
    const server = endpointWords(
      ones.map(({ outcome }) => outcome),
      ones[0]?.outcome.pod === undefined ? 'DNS server' : 'DNS pod',
    );
    const where = answersSomebody ? ` ${fromNodes(nodes, context.judgedNodes)}` : '';
    const place = ones.flatMap(({ outcome }) => outcome.node ?? []);
    explanations.add(
      {
        kind: 'dnsServer',
        severity: 'failure',
        nodes: distinct(answersSomebody ? [...place, ...nodes] : place),
        message: `${server} ${answerWords(ones)}${where}; ${servers.size === 2 ? 'the other does' : 'the others do'}`,
        hint: 'look at the log of that DNS pod, and at what filters UDP to its port',
      },
      ones,
    );
  }
}

function serverKey({ outcome }: Observation): string {
  return outcome.pod ?? outcome.address ?? '';
}

function answerWords(ones: readonly Observation[]): string {
  if (!ones.every(({ failure }) => failure === 'nameNotFound')) return 'does not answer';
  return `does not know ${ones[0]?.outcome.host ?? 'the name it is asked for'}`;
}

function addNone(
  none: readonly Observation[],
  servers: number,
  { judgedNodes }: ServiceContext,
  explanations: Explanations,
): void {
  const nodes = distinct(none.map(({ source }) => source));
  const where = fromNodes(nodes, judgedNodes);
  const only = endpointWords(
    none.map(({ outcome }) => outcome),
    none[0]?.outcome.pod === undefined ? 'the only DNS server' : 'the only DNS pod',
  );
  const message =
    servers === 1 ? `${only} ${answerWords(none)} ${where}` : `no DNS server answers ${where} (${servers} were asked)`;
  explanations.add(
    {
      kind: 'dns',
      severity: 'failure',
      nodes,
      message,
      hint: 'look at the DNS pods (kubectl get pods -n kube-system -l k8s-app=kube-dns), and at what filters UDP port 53',
    },
    none,
  );
}
