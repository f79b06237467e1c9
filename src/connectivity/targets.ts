// SPDX-License-Identifier: Apache-2.0
import type { AgentIdentity, CheckSettings, CheckTarget } from '../model/check.js';
import type { Roster } from './roster.js';

/** What an agent is to reach in each round. */
export function targetsOf(_roster: Roster, _agent: AgentIdentity, _settings: CheckSettings): CheckTarget[] {
  throw new Error('not built yet');
}
