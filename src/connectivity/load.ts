// SPDX-License-Identifier: Apache-2.0
import type { CheckSettings } from '../model/check.js';

/** One line that says what a round costs, before it starts: reports, and probes of `nodes` nodes with `networks` agents each. */
export function loadText(_nodes: number, _networks: number, _settings: CheckSettings): string {
  throw new Error('not built yet');
}
