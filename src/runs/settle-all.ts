// SPDX-License-Identifier: Apache-2.0

/**
 * The values of all promises, as `Promise.all`, but it throws the first one's rejection only when all have settled: what
 * goes on afterwards would create what nobody removes any more.
 */
export async function settleAll<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T>;
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]>;
export async function settleAll(promises: readonly Promise<unknown>[]): Promise<unknown[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
