// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';

/** One thing that may be allowed or not, in RBAC's words. */
export interface Access {
  verb: string;
  /** API group; empty for the core group. */
  group?: string | undefined;
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

export interface AccessAnswer extends Access {
  allowed: boolean;
  /** Why, where the authorizer says so. */
  reason?: string | undefined;
}

interface SelfSubjectAccessReview {
  status?: { allowed?: boolean; reason?: string; evaluationError?: string };
}

const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** `create pods/exec in namespace shop`. */
export function accessWords({ verb, group, resource, subresource, namespace, name }: Access): string {
  const object = `${resource}${group ? `.${group}` : ''}${subresource === undefined ? '' : `/${subresource}`}`;
  const scope = namespace === undefined ? ' in all namespaces' : ` in namespace ${namespace}`;
  return `${verb} ${object}${name === undefined ? '' : ` "${name}"`}${scope}`;
}

/** Asks the API server, all at once, which of these we may do (SelfSubjectAccessReview). */
export async function reviewAccess(
  cluster: Cluster,
  accesses: readonly Access[],
  options: { signal?: AbortSignal | undefined } = {},
): Promise<AccessAnswer[]> {
  return Promise.all(
    accesses.map(async (access) => {
      const review = await cluster.create<SelfSubjectAccessReview>(
        reviewPath,
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: access },
        },
        options,
      );
      const { allowed = false, reason, evaluationError } = review.status ?? {};
      return { ...access, allowed, reason: reason || evaluationError };
    }),
  );
}

/** Throws Failure `forbidden` that names everything of this that we may not do. */
export async function requireAccess(
  cluster: Cluster,
  accesses: readonly Access[],
  options: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const denied = (await reviewAccess(cluster, accesses, options)).filter(({ allowed }) => !allowed);
  if (denied.length === 0) return;
  throw new Failure('forbidden', `not allowed to ${denied.map(accessWords).join(', nor to ')}`, {
    reason: 'Forbidden',
    hint: 'ask for a Role that allows it; the README lists what each command needs (Permissions)',
  });
}
