// SPDX-License-Identifier: Apache-2.0

/** Kubernetes manifests are embedded as text by the bundler (and by the vitest plugin). */
declare module '*.yaml' {
  const text: string;
  export default text;
}
