// SPDX-License-Identifier: Apache-2.0

/** Texts of YAML or JSON as the documents of one; a single one stays as it is. */
export function joinTexts(texts: readonly string[]): string {
  return texts.reduce((joined, text) => {
    if (joined === '') return text;
    // A byte order mark belongs at the beginning only.
    const next = text.replace(/^\uFEFF/, '');
    const end = joined.endsWith('\n') ? '' : '\n';
    return `${joined}${end}${/^---(\s|$)/.test(next) ? '' : '---\n'}${next}`;
  }, '');
}
