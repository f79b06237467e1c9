// SPDX-License-Identifier: Apache-2.0
import type { ResourceKind } from '../targets/resource-types.js';
import type { Offer } from './answer.js';

/** Objects whose names are looked up. */
export type ListedKind = ResourceKind | 'namespace' | 'serviceaccount' | 'networkprober';

/** One object of the cluster; without a namespace it is that of the command line. */
export interface ObjectRef {
  kind: ResourceKind;
  namespace?: string | undefined;
  name: string;
}

/** What the kubeconfig knows. */
export interface KubeconfigLookup {
  of: 'contexts' | 'clusters' | 'users';
}

/** What the API server knows. */
export type ClusterLookup =
  | { of: 'names'; kind: ListedKind; namespace?: string | undefined }
  | { of: 'containers'; object: ObjectRef }
  /** Numbers of ports, or their names. */
  | { of: 'ports'; object: ObjectRef; named: boolean }
  | { of: 'meshes'; everywhere: boolean };

/** What has to be looked up, at most one thing for one word. */
export type Lookup = KubeconfigLookup | ClusterLookup;

/** What may stand in the place of a word. Whoever answers leaves out what does not begin as the word does. */
export interface Wanted {
  /** What is known without looking anything up. */
  offers: readonly Offer[];
  lookup?: Lookup;
  /** Stands before and behind each word that is looked up. */
  before?: string;
  after?: string;
  /** Words that are not offered once more. */
  taken?: readonly string[];
  /** More has to be written behind any of these words. */
  noSpace?: boolean;
  /** The shell knows better than we do. */
  shell?: 'files' | 'folders';
}

export const nothing: Wanted = { offers: [] };

/** Words without descriptions. */
export function words(...list: readonly string[]): Wanted {
  return { offers: list.map((word) => ({ word })) };
}
