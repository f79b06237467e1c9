// SPDX-License-Identifier: Apache-2.0

/** Stands for a value of which it has been noted already what is wrong: readers take it for absent and say nothing. */
export const noted = Symbol('noted');
