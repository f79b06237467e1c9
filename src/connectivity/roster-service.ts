// SPDX-License-Identifier: Apache-2.0
import type { EndpointSlice, Service } from '../kube/objects.js';
import type { RosterService } from './roster.js';

/** A Service as agents reach it: its port of this name (or the only one), and the ready endpoints behind it. */
export function rosterService(_service: Service, _slices: readonly EndpointSlice[], _portName?: string): RosterService {
  throw new Error('not built yet');
}
