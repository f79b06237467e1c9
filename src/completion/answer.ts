// SPDX-License-Identifier: Apache-2.0

/** One word that may come next. */
export interface Offer {
  word: string;
  description?: string;
}

/** What else a shell is to do, as bits (cobra, ShellCompDirective). */
export const directives = {
  /** No space behind the word. */
  noSpace: 2,
  /** Without an offer there are no names of files either. */
  noFiles: 4,
  /** Only names of folders. */
  foldersOnly: 16,
} as const;

/** The answer to a request for completion. */
export interface Answer {
  offers: readonly Offer[];
  /** Bits of `directives`; 0 has the shell complete names of files where there is no offer. */
  directive: number;
}

/** A control character in an answer would be one on the user's terminal. */
const control = /[\u0000-\u001f\u007f-\u009f]+/g;

/** An answer as kubectl and our scripts for shells read it: `WORD<TAB>DESCRIPTION` lines and `:DIRECTIVE`. */
export function answerText({ offers, directive }: Answer): string {
  const lines = offers
    .filter(({ word }) => word !== '' && word.search(control) < 0)
    .map(({ word, description }) => (description ? `${word}\t${description.replace(control, ' ').trim()}` : word));
  return [...lines, `:${directive}`, ''].join('\n');
}
