// SPDX-License-Identifier: Apache-2.0

/** The trace probe: the routers on the way to many destinations in one exec, by tracepath or mtr. */
export { traceCommand, type TraceMethod, type TraceRequest } from './trace-command.js';
export { traceParser } from './trace-parser.js';
export type { TraceOutcome } from './trace-outcome.js';
