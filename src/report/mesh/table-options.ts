// SPDX-License-Identifier: Apache-2.0
import type { ProbeProtocol } from '../../model/prober.js';
import type { MeshValue } from './cell.js';
import type { ColorLevel } from './heat.js';

/** How a mesh is shown in a terminal. */
export interface MeshTableOptions {
  protocol: ProbeProtocol;
  value: MeshValue;
  sinceMs: number;
  width: number;
  color: ColorLevel;
  headers: boolean;
}
