// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import type { Destination } from '../targets/destination.js';
import { parseDestination } from '../targets/destination-grammar.js';
import { resolveDestinations } from '../targets/destinations.js';
import { httpUrl, serviceOfHost, urlHost } from '../targets/http-words.js';
import type { Plan, Test } from './plan.js';
import { settleAll } from './settle-all.js';

/** How the URLs of destinations that are none are made. */
export interface UrlOptions {
  /** Begins with a slash. */
  path: string;
  tls: boolean;
}

/** The Service that a destination belongs to by its word, and the port by which its clients know it. */
function serviceOf(test: Test, tests: readonly Test[], namespace: string) {
  const { ref, role, kind } = test.destination;
  const virtual = tests.find(
    ({ destination }) => destination.ref === ref && destination.role === 'virtual',
  )?.destination;
  if (virtual?.name !== undefined && virtual.namespace !== undefined) {
    return { service: { namespace: virtual.namespace, name: virtual.name }, port: virtual.port };
  }
  if (role !== 'endpoint' && kind !== 'service') return undefined;
  const { target, ports } = parseDestination(ref, { verb: 'connect' });
  if (target.kind !== 'service') return undefined;
  const [port] = ports;
  const service = { namespace: target.namespace ?? namespace, name: target.name };
  return { service, port: typeof port === 'number' ? port : undefined };
}

/** The URL by which a test's destination is asked. */
function urlOf(test: Test, tests: readonly Test[], namespace: string, { path, tls }: UrlOptions): string {
  const { destination } = test;
  const own = httpUrl(destination.ref);
  if (own !== undefined) return own.href;
  const known = serviceOf(test, tests, namespace);
  const port = known?.port ?? destination.port ?? 80;
  return new URL(`http${tls ? 's' : ''}://${urlHost(destination, known?.service)}:${port}${path}`).href;
}

/** The endpoints behind a URL whose host is the name of a Service, or why there are none to be asked. */
async function endpointsBehind(
  { source, destination }: Test,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<{ endpoints: Destination[]; notes: string[] }> {
  const { host, ref, port = 80, family } = destination;
  const service = host === undefined ? undefined : serviceOfHost(host, source.namespace);
  const note = `${ref}: its host is not the DNS name of a Service, so there are no endpoints to ask beside it`;
  if (service === undefined) return { endpoints: [], notes: [note] };
  try {
    const refs = [{ text: ref, target: { kind: 'service' as const, ...service }, ports: [port] }];
    const options = { verb: 'connect' as const, protocols: ['tcp' as const], families: [family], signal };
    const { destinations, notes } = await resolveDestinations(cluster, refs, options);
    return { endpoints: destinations.filter(({ role }) => role === 'endpoint'), notes };
  } catch (thrown) {
    // Two labels are as often a name of the world outside, whose end is no namespace of ours.
    const isForeign = thrown instanceof Failure && (thrown.code === 'notFound' || thrown.code === 'usage');
    if (!isForeign) throw thrown;
    return { endpoints: [], notes: [thrown.code === 'usage' ? thrown.message : note] };
  }
}

/** The tests with their URLs; with `eachEndpoint` also each endpoint of the Services that URLs name. */
export async function withUrls(
  tests: readonly Test[],
  {
    cluster,
    signal,
    eachEndpoint,
    namespace = cluster.namespace,
    ...options
  }: UrlOptions & {
    cluster: Cluster;
    signal: AbortSignal;
    eachEndpoint: boolean;
    namespace?: string | undefined;
  },
): Promise<Plan> {
  const plans = await settleAll(
    tests.map(async (test): Promise<Plan> => {
      const { ref, role } = test.destination;
      const url = urlOf(test, tests, namespace, options);
      const own = { ...test, destination: { ...test.destination, url } };
      const { otherFamily } = test;
      if (otherFamily !== undefined) own.otherFamily = { ...otherFamily, url };
      if (!eachEndpoint || httpUrl(ref) === undefined || role !== 'host') return { tests: [own], notes: [] };
      const { endpoints, notes } = await endpointsBehind(test, cluster, signal);
      const behind = endpoints.map((endpoint): Test => ({
        index: test.index,
        source: test.source,
        destination: { ...endpoint, ref, url },
      }));
      return { tests: [own, ...behind], notes };
    }),
  );
  return { tests: plans.flatMap((plan) => plan.tests), notes: [...new Set(plans.flatMap(({ notes }) => notes))] };
}
