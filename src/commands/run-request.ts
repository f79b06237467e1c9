// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ControlChoice } from '../runs/controls.js';
import type { RunRequest } from '../runs/run-request.js';
import type { ToolOptions } from '../runs/tool.js';
import type { TargetVerb, Protocol } from '../targets/refs.js';
import { parseMode } from '../targets/source-choice.js';
import { parseSource } from '../targets/source-grammar.js';
import { parseTargets } from '../targets/target-arguments.js';

/** Flags that `ping` and `connect` share, as they were parsed. */
export interface RunFlags {
  selector?: string | undefined;
  'to-selector'?: string | undefined;
  mode: string;
  'max-pods': number;
  'from-node'?: string | undefined;
  'ip-families'?: string | undefined;
  expect: string;
  control?: string | undefined;
  concurrency: number;
  container?: string | undefined;
  image: string;
  'image-pull-policy': string;
  'tool-timeout': number;
  idle?: number | undefined;
}

const familiesOf: Record<string, readonly (4 | 6)[]> = { ipv4: [4], ipv6: [6], both: [4, 6] };

function controlChoice(flags: RunFlags): ControlChoice {
  const { control, expect } = flags;
  if (control === undefined) return { from: 'otherSources' };
  if (expect !== 'deny') {
    throw new Failure('usage', '--control is of use with --expect deny only', {
      hint: 'a positive control shows that a denied destination can be reached from elsewhere',
    });
  }
  if (control === 'destination' || control === 'none') return { from: control };
  return { from: 'source', spec: parseSource([control]) };
}

function toolOptions(flags: RunFlags): ToolOptions {
  return {
    image: flags.image,
    imagePullPolicy: flags['image-pull-policy'] as ToolOptions['imagePullPolicy'],
    startTimeoutMs: flags['tool-timeout'],
    idleSeconds: flags.idle === undefined ? undefined : Math.ceil(flags.idle / 1000),
    container: flags.container,
  };
}

/** Words and flags as the request of a run. Throws Failure `usage` before anything is touched. */
export function runRequest(
  words: readonly string[],
  flags: RunFlags,
  options: { verb: TargetVerb; defaultProtocol?: Protocol | undefined; maxLossPercent: number },
): Omit<RunRequest, 'signal'> {
  const { source, destinations, toSelector } = parseTargets(words, {
    verb: options.verb,
    defaultProtocol: options.defaultProtocol,
    selector: flags.selector,
    toSelector: flags['to-selector'],
  });
  return {
    source,
    destinations,
    toSelector,
    mode: parseMode(flags.mode),
    maxPods: flags['max-pods'],
    fromNode: flags['from-node'],
    families: flags['ip-families'] === undefined ? undefined : familiesOf[flags['ip-families']],
    expect: flags.expect === 'deny' ? 'deny' : 'allow',
    control: controlChoice(flags),
    maxLossPercent: options.maxLossPercent,
    tool: toolOptions(flags),
    concurrency: flags.concurrency,
  };
}
