// SPDX-License-Identifier: Apache-2.0

/** Kleene's three values: undefined is what nobody was allowed to read, or what the API leaves open. */
export type Truth = boolean | undefined;

/** False as soon as one is false, whatever the others are. */
export function and(...truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

/** True as soon as one is true, whatever the others are; false of none. */
export function or(...truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

/** What is unknown stays unknown. */
export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}
