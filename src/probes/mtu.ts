// SPDX-License-Identifier: Apache-2.0

/** The mtu probe: how large IP packets may be on the way, to many destinations in one exec, by iputils ping. */
export { mtuCommand, type MtuRequest } from './mtu-command.js';
export { mtuParser } from './mtu-parser.js';
export type { MtuOutcome } from './mtu-outcome.js';
