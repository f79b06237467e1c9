// SPDX-License-Identifier: Apache-2.0

/** One thing that may be allowed or not, in RBAC's words. */
export interface Access {
  verb: string;
  /** API group; empty for the core group. */
  group?: string | undefined;
  resource: string;
  subresource?: string | undefined;
  /** Undefined: at the cluster scope, which for what has a namespace means all of them. */
  namespace?: string | undefined;
  name?: string | undefined;
}

/** `create pods/exec in namespace shop`. */
export function accessWords({ verb, group, resource, subresource, namespace, name }: Access): string {
  const object = `${resource}${group ? `.${group}` : ''}${subresource === undefined ? '' : `/${subresource}`}`;
  const scope = namespace === undefined ? ' at the cluster scope' : ` in namespace ${namespace}`;
  return `${verb} ${object}${name === undefined ? '' : ` "${name}"`}${scope}`;
}
