// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { KubeObject } from '../kube/objects.js';
import type { Destination } from '../targets/destination.js';
import { resolveDestinations } from '../targets/destinations.js';
import type { Lookup } from '../targets/lookup.js';
import type { DestinationRef } from '../targets/refs.js';
import type { SourcePod } from '../targets/source-pod.js';
import { SourceChoice } from '../targets/source-choice.js';
import { rankOf, resolveSources } from '../targets/sources.js';
import type { Measurer } from '../runs/run-request.js';
import { dnsDestinations } from '../runs/dns.js';
import { parseHttpDestination } from '../targets/http-words.js';
import { chosenDestinations } from './chosen-pod.js';
import type { SuiteProbe } from './suite-probe.js';
import type { DestinationWords, PodsByLabel, SuiteSource, SuiteTest } from './suite.js';

/** The namespaces that pods by label are looked for in. Throws Failure `notFound` where labels match none. */
async function namespacesOf(lookup: Lookup, pods: PodsByLabel, own: string): Promise<string[]> {
  if (pods.namespaceSelector === undefined) return pods.namespaces ?? [own];
  const names: string[] = [];
  const options = { labelSelector: pods.namespaceSelector, metadataOnly: true, signal: lookup.signal };
  for await (const page of lookup.cluster.list<KubeObject>('/api/v1/namespaces', options)) {
    names.push(...page.map(({ metadata }) => metadata.name));
  }
  if (names.length > 0) return names.sort();
  throw new Failure('notFound', `no namespace has the labels ${pods.namespaceSelector}`);
}

/** Throws Failure `notFound` where a namespace is not there; where that may not be asked, nobody knows. */
async function refuseMissing({ cluster, signal }: Lookup, namespace: string): Promise<void> {
  try {
    await cluster.get<KubeObject>(`/api/v1/namespaces/${encodeURIComponent(namespace)}`, { signal });
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'forbidden') throw failure;
  }
}

/**
 * What is found in at least one of several namespaces, and why not in others; where it is in none, what was said of the first
 * one. A namespace that is not there is a mistake, whatever the others have.
 */
async function inAny<T>(
  lookup: Lookup,
  namespaces: readonly string[],
  find: (namespace: string) => Promise<T[]>,
): Promise<{ found: T[]; notes: string[] }> {
  const failures: { namespace: string; failure: Failure }[] = [];
  const each = await Promise.all(
    namespaces.map((namespace) =>
      find(namespace).catch((thrown: unknown): T[] => {
        failures.push({ namespace, failure: asFailure(thrown) });
        return [];
      }),
    ),
  );
  // A port without that name is a usage error where there is one namespace only.
  const isAbsence = ({ failure: { code } }: (typeof failures)[number]) => code === 'notFound' || code === 'usage';
  const worst = failures.find((one) => !isAbsence(one));
  if (worst !== undefined) throw worst.failure;
  await Promise.all(failures.map(({ namespace }) => refuseMissing(lookup, namespace)));
  const [first] = failures;
  const found = each.flat();
  if (first !== undefined && found.length === 0) throw first.failure;
  const unusable = failures.filter(({ failure: { code } }) => code === 'usage');
  return { found, notes: unusable.map(({ namespace, failure }) => `namespace ${namespace}: ${failure.message}`) };
}

/** Of all pods by label those that are asked for, whatever their namespaces. */
function chosenOf(pods: readonly SourcePod[], text: string, mode: SuiteTest['mode']): SourcePod[] {
  const choice = new SourceChoice<SourcePod>(text, mode, Number.MAX_SAFE_INTEGER, Math.random);
  for (const source of pods) {
    choice.offer({ name: `${source.namespace}/${source.name}`, rank: rankOf(source.pod), value: source });
  }
  return choice.chosen();
}

/** The pods that a test's sources stand for, each once. Throws Failure `notFound` or `usage`. */
export async function sourcesOf(
  lookup: Lookup,
  sources: readonly SuiteSource[],
  test: Pick<SuiteTest, 'mode' | 'families' | 'namespace'>,
): Promise<SourcePod[]> {
  const { mode, families, namespace } = test;
  const { cluster, signal } = lookup;
  const options = { mode, families, signal, lookup, maxPods: Number.MAX_SAFE_INTEGER };
  const found = await Promise.all(
    sources.map(async (source) => {
      if (source.kind !== 'pods') return resolveSources(cluster, source, { ...options, namespace });
      const { text, selector, fieldSelector } = source;
      const namespaces = await namespacesOf(lookup, source, namespace ?? cluster.namespace);
      const { found: pods } = await inAny(lookup, namespaces, (each) =>
        resolveSources(
          cluster,
          { kind: 'selector', text, selector, fieldSelector },
          { ...options, mode: 'all', namespace: each },
        ),
      );
      return chosenOf(pods, text, mode);
    }),
  );
  const pods = new Map(found.flat().map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  return [...pods.values()];
}

/** What a word of a `dns` or `http` test stands for, as the verb reads it. */
function wordDestination({ text }: DestinationWords, kind: SuiteProbe['kind']): DestinationRef[] {
  return kind === 'dns' ? dnsDestinations([text]) : [parseHttpDestination(text)];
}

/**
 * What a test's destinations stand for. Throws Failure `notFound` or `usage`, and `unsupported` where a pod that is to be
 * chosen is not there.
 */
export async function destinationsOf(
  lookup: Lookup,
  test: Pick<SuiteTest, 'destinations' | 'families' | 'namespace' | 'probe'>,
  measurer: Measurer,
  sources: readonly SourcePod[],
): Promise<{ destinations: Destination[]; notes: string[] }> {
  const { cluster, signal } = lookup;
  const { families = [4, 6] } = test;
  const options = { verb: measurer.targetVerb, protocols: measurer.protocols, families, signal, lookup };
  const own = test.namespace ?? cluster.namespace;
  const found = await Promise.all(
    test.destinations.map(async (destination) => {
      if (!('kind' in destination)) return resolveDestinations(cluster, [destination], { ...options, namespace: own });
      switch (destination.kind) {
        case 'words': {
          const refs = wordDestination(destination, test.probe.kind);
          return resolveDestinations(cluster, refs, { ...options, namespace: own });
        }
        case 'chosenPod':
          return chosenDestinations(lookup, destination, sources);
        case 'pods': {
          const notes: string[] = [];
          const namespaces = await namespacesOf(lookup, destination, own);
          const { found: destinations, notes: absent } = await inAny(lookup, namespaces, async (namespace) => {
            const each = await resolveDestinations(cluster, [], { ...options, namespace, toSelector: destination });
            notes.push(...each.notes);
            return each.destinations;
          });
          return { destinations, notes: [...notes, ...absent] };
        }
      }
    }),
  );
  return {
    destinations: found.flatMap(({ destinations }) => destinations),
    notes: [...new Set(found.flatMap(({ notes }) => notes))],
  };
}
