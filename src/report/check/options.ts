// SPDX-License-Identifier: Apache-2.0
import type { ColorLevel } from '../mesh/heat.js';
import type { RenderOptions } from '../render-options.js';

export interface CheckRenderOptions extends RenderOptions {
  /** How many colours the terminal has for the matrix; its sixteen where `color` is true and nothing is said. */
  colorLevel?: ColorLevel | undefined;
}
