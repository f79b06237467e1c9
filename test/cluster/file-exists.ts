// SPDX-License-Identifier: Apache-2.0
import { access } from 'node:fs/promises';

/** Whether there is a file, folder or device of that path. */
export function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
