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

/** That DNS servers answer, but none of these answers is an address, is another fault than silence. */
function isUnknown(ones: readonly Observation[]): boolean {
  return ones.every(({ failure }) => failure === 'nameNotFound');
}

function nameOf(ones: readonly Observation[]): string {
  return ones[0]?.outcome.host ?? 'the name it is asked for';
}

function answerWords(ones: readonly Observation[]): string {
  return isUnknown(ones) ? `does not know ${nameOf(ones)}` : 'does not answer';
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
  const verb = isUnknown(none) ? `knows ${nameOf(none)}` : 'answers';
  const message =
    servers === 1 ? `${only} ${answerWords(none)} ${where}` : `no DNS server ${verb} ${where} (${servers} were asked)`;
  explanations.add(
    {
      kind: 'dns',
      severity: 'failure',
      nodes,
      message,
      hint: isUnknown(none)
        ? 'look at the log of the DNS pods, and at the domain of the cluster in their configuration (kubernetes in the Corefile)'
        : 'look at the DNS pods (kubectl get pods -n kube-system -l k8s-app=kube-dns), and at what filters UDP port 53',
    },
    none,
  );
}
