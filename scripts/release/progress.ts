// SPDX-License-Identifier: Apache-2.0

/** Takes a line about what is going on. */
export type Progress = (line: string) => void;

/** As people read sizes of downloads. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
