// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from './cluster.js';

interface SelfSubjectReview {
  status?: { userInfo?: { username?: string } };
}

const reviewPath = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/**
 * The user's name as the API server knows it (SelfSubjectReview, allowed to everybody who is known; KEP-3325, v1 since
 * Kubernetes 1.28). Undefined where the server does not say.
 */
export async function callerName(
  cluster: Cluster,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<string | undefined> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  try {
    const { status } = await cluster.create<SelfSubjectReview>(reviewPath, review, options);
    return status?.userInfo?.username;
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.code === 'forbidden' || thrown.code === 'notFound')) return undefined;
    throw thrown;
  }
}
