// SPDX-License-Identifier: Apache-2.0
import type { Access } from './access.js';

/** What somebody was not allowed to do. */
export interface Denial {
  /** As the API server calls them; undefined where it did not say. */
  user?: string | undefined;
  accesses: readonly Access[];
}

/**
 * The words of a 403 by the authorizer (k8s.io/apiserver endpoints/handlers/responsewriters/errors.go, forbiddenMessage),
 * before which stands `pods "x" is forbidden: `; after them a webhook's own reason may follow.
 */
const words =
  /User ("(?:[^"\\]|\\.)*") cannot (\S+) resource "([^"/]+)(?:\/([^"]+))?" in API group "([^"]*)" (?:in the namespace "([^"]+)"|at the cluster scope)/;
const objectName = /^\S+ "([^"]+)" is forbidden: /;

/** Go's %q as far as user names go; what JSON cannot read stays as it is. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

/** What the server's words for a 403 say was denied; undefined for those of admission (PodSecurity, quotas, webhooks) and others. */
export function parseDenial(message: string): Denial | undefined {
  const match = words.exec(message);
  if (match === null) return undefined;
  const [, user = '""', verb = '', resource = '', subresource, group = '', namespace] = match;
  const name = objectName.exec(message)?.[1];
  return { user: unquoted(user), accesses: [{ verb, group, resource, subresource, namespace, name }] };
}

/** The denial behind an error, wherever in its chain of causes it was first said. */
export function denialOf(thrown: unknown): Denial | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error.cause instanceof DeniedAccess) return error.cause.denial;
    const denial = parseDenial(error.message);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

/** Cause of the Failure of access reviews that said no. */
export class DeniedAccess {
  constructor(readonly denial: Denial) {}
}
