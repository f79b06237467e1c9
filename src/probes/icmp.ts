// SPDX-License-Identifier: Apache-2.0

/** The icmp probe: many destinations in one exec, fping for the numbers and iputils ping for the cause of silence. */
export { icmpCommand, type IcmpRequest } from './icmp-command.js';
export { icmpParser } from './icmp-parser.js';
export type { IcmpOutcome } from './icmp-outcome.js';
export type { IcmpEvent } from './icmp-tally.js';
