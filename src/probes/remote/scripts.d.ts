// SPDX-License-Identifier: Apache-2.0

/** Remote scripts are embedded as text by the bundler (and by the vitest plugin). */
declare module '*.sh' {
  const text: string;
  export default text;
}
