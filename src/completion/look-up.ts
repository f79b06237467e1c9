// SPDX-License-Identifier: Apache-2.0
import type { QuietReader } from '../kube/quiet-reader.js';
import { collectionPath, objectPath, resourceKinds } from '../targets/resource-types.js';
import type { Offer } from './answer.js';
import { containerOffers, meshOffers, portOffers } from './described-object.js';
import { describedRows, type TableOrList } from './described-rows.js';
import type { ClusterLookup, ListedKind } from './wanted.js';

/** More nobody reads. */
const mostObjects = 500;

/** What is asked of the API server, and what the answer stands for. */
export interface Question {
  path: string;
  isTable: boolean;
  offers: (answer: unknown) => Offer[];
}

function listPath(kind: ListedKind, namespace: string): string {
  const here = `namespaces/${encodeURIComponent(namespace)}`;
  const known = resourceKinds.find((one) => one === kind);
  if (known !== undefined) return collectionPath(known, namespace);
  if (kind === 'namespace') return '/api/v1/namespaces';
  if (kind === 'serviceaccount') return `/api/v1/${here}/serviceaccounts`;
  return `/apis/probes.bigmikes.io/v1alpha1/${here}/networkprobers`;
}

/** The one request that a lookup takes; `inNamespace` is that of the command line. */
export function questionOf(lookup: ClusterLookup, inNamespace: string): Question {
  if (lookup.of === 'names') {
    const { kind, namespace = inNamespace } = lookup;
    return {
      path: `${listPath(kind, namespace)}?limit=${mostObjects}&includeObject=None`,
      isTable: true,
      offers: (answer) => describedRows(kind, answer as TableOrList),
    };
  }
  if (lookup.of === 'meshes') {
    const path = lookup.everywhere ? '/api/v1/pods' : collectionPath('pod', inNamespace);
    return { path: `${path}?limit=${mostObjects}`, isTable: false, offers: meshOffers };
  }
  const { kind, namespace = inNamespace, name } = lookup.object;
  return {
    path: objectPath(kind, namespace, name),
    isTable: false,
    offers: (answer) => (lookup.of === 'ports' ? portOffers(answer, lookup.named) : containerOffers(answer)),
  };
}

/** Names as Kubernetes allows them: whatever else a server says must not get into a command line. */
const name = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;

/** Asks the API server. Throws Failure. */
export async function ask(reader: QuietReader, question: Question, limitMs: number): Promise<Offer[]> {
  const { tableOrList } = await import('../kube/quiet-reader.js');
  const answer = await reader.read(question.path, { limitMs, ...(question.isTable ? { accept: tableOrList } : {}) });
  return question.offers(answer).filter(({ word }) => name.test(word));
}
