// SPDX-License-Identifier: Apache-2.0

/** The longest that one attempt of any probe may wait for its answer, in ms. */
export const longestAttemptMs = 600_000;
