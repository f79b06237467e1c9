// SPDX-License-Identifier: Apache-2.0
import type { EntryChoice, ToolOptions } from '../runs/tool.js';

/** The flags of tool containers, as they were parsed. Times in ms. */
export interface ToolFlags {
  image: string;
  'image-pull-policy': string;
  'tool-timeout': number;
  idle?: number | undefined;
  reason?: string | undefined;
}

/** How tool containers are to be like, and how pods are entered. */
export function toolOptions(flags: ToolFlags, entry: EntryChoice = { by: 'toolContainer' }): ToolOptions {
  return {
    image: flags.image,
    imagePullPolicy: flags['image-pull-policy'] as ToolOptions['imagePullPolicy'],
    startTimeoutMs: flags['tool-timeout'],
    idleSeconds: flags.idle === undefined ? undefined : Math.ceil(flags.idle / 1000),
    reason: flags.reason,
    entry,
  };
}
