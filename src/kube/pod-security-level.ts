// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from './objects.js';

/** What PodSecurity admission does in a namespace, by its labels (KEP-2579). */
export interface PodSecurity {
  /** `privileged`, `baseline` or `restricted`; undefined without a label, where the cluster's own default counts. */
  enforce: string | undefined;
  version: string;
}

const prefix = 'pod-security.kubernetes.io';

export function podSecurityOf({ metadata: { labels = {} } }: KubeObject): PodSecurity {
  return { enforce: labels[`${prefix}/enforce`], version: labels[`${prefix}/enforce-version`] ?? 'latest' };
}
