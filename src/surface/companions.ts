// SPDX-License-Identifier: Apache-2.0

/** Commands that make no sense, or harm, while a shape lasts. */
const notBeside = /^(?:shape(?::.*)?|heal|clean|report)$/;

/** Whether a command may follow `--` of a shape, and run as long as that lasts. */
export function runsBesideShape(id: string): boolean {
  return !notBeside.test(id);
}
