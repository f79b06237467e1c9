// SPDX-License-Identifier: Apache-2.0

/** The page's style and script are embedded as text by the bundler (and by the vitest plugin). */
declare module '*.css' {
  const text: string;
  export default text;
}
declare module '*.browser.js' {
  const text: string;
  export default text;
}
