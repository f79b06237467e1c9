// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { accessWords, type Access } from './access.js';
import type { Cluster } from './cluster.js';
import { DeniedAccess } from './denial.js';
import { callerName } from './identity.js';

export interface AccessAnswer extends Access {
  allowed: boolean;
  /** Why, where the authorizer says so. */
  reason?: string | undefined;
}

interface SelfSubjectAccessReview {
  status?: { allowed?: boolean; reason?: string; evaluationError?: string };
}

const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

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

/** Throws Failure `forbidden` that names everything of this that we may not do, and who we are where the server says so. */
export async function requireAccess(
  cluster: Cluster,
  accesses: readonly Access[],
  options: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const denied = (await reviewAccess(cluster, accesses, options)).filter(({ allowed }) => !allowed);
  if (denied.length === 0) return;
  const user = await callerName(cluster, options);
  const who = user === undefined ? 'you are' : `user "${user}" is`;
  throw new Failure('forbidden', `${who} not allowed to ${denied.map(accessWords).join(', nor to ')}`, {
    reason: 'Forbidden',
    cause: new DeniedAccess({ user, accesses: denied }),
  });
}
