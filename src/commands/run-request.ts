// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ControlChoice } from '../runs/controls.js';
import type { RunRequest } from '../runs/run-request.js';
import type { EntryChoice } from '../runs/tool.js';
import type { TargetVerb, Protocol } from '../targets/refs.js';
import { parseMode } from '../targets/source-choice.js';
import { parseSource } from '../targets/source-grammar.js';
import { parseTargets, type TargetArguments } from '../targets/target-arguments.js';
import { toolOptions, type ToolFlags } from './tool-options.js';

/** The flags that say how pods are entered, as they were parsed. */
export interface EntryFlags extends ToolFlags {
  container?: string | undefined;
  'no-exec': boolean;
  'probe-pod': boolean;
  /** Of the whole run, in ms. */
  timeout: number;
  watch?: boolean;
  raw?: boolean;
}

/** Flags that the verbs with one probe share, as they were parsed. */
export interface RunFlags extends EntryFlags {
  selector?: string | undefined;
  'to-selector'?: string | undefined;
  mode: string;
  'max-pods': number;
  'from-node'?: string | undefined;
  'ip-families'?: string | undefined;
  expect: string;
  control?: string | undefined;
  concurrency: number;
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

/** What a run that has no limit of its own (`--watch`) leaves a probe pod at most. */
const unlimitedSeconds = 24 * 3600;
/** For what comes after the run: the report, and the removal. */
const marginSeconds = 60;

/** The pod's own container. Throws Failure `usage` for flags that only a container of ours could heed. */
function ownContainer(container: string, flags: EntryFlags): EntryChoice {
  if (container === '') throw new Failure('usage', '-c is empty: it takes the name of a container of the pod');
  const unheeded = [
    flags.raw === true ? '--raw' : '',
    flags.idle === undefined ? '' : '--idle',
    flags.reason === undefined ? '' : '--reason',
  ].filter((flag) => flag !== '');
  if (unheeded.length > 0) {
    throw new Failure('usage', `-c adds nothing to the pod, so ${unheeded.join(' and ')} cannot be heeded`, {
      hint: `leave out -c, or ${unheeded.join(' and ')}`,
    });
  }
  return { by: 'ownContainer', container };
}

/** How pods are entered. Throws Failure `usage` where two ways are asked for. */
export function entryChoice(flags: EntryFlags): EntryChoice {
  const { container, 'no-exec': noExec, 'probe-pod': probePod } = flags;
  const ways = [container === undefined ? '' : '-c', noExec ? '--no-exec' : '', probePod ? '--probe-pod' : ''];
  const asked = ways.filter((way) => way !== '');
  if (asked.length > 1) {
    throw new Failure('usage', `${asked.join(' and ')} exclude each other`, {
      hint: '-c and --probe-pod execute in a container; --no-exec adds one for each command and reads its log',
    });
  }
  if (container !== undefined) return ownContainer(container, flags);
  if (noExec) return { by: 'oneShot' };
  if (!probePod) return { by: 'toolContainer' };
  const seconds = flags.watch === true ? unlimitedSeconds : Math.ceil(flags.timeout / 1000);
  return { by: 'probePod', lifeSeconds: seconds + marginSeconds };
}

/** Words and flags as the request of a run. Throws Failure `usage` before anything is touched. */
export function runRequest(
  words: readonly string[],
  flags: RunFlags,
  options: { verb: TargetVerb; defaultProtocol?: Protocol | undefined; maxLossPercent: number },
): Omit<RunRequest, 'signal'> {
  const targets = parseTargets(words, {
    verb: options.verb,
    defaultProtocol: options.defaultProtocol,
    selector: flags.selector,
    toSelector: flags['to-selector'],
  });
  return targetsRequest(targets, flags, options);
}

/** The request of a run for targets that a verb reads in a way of its own. Throws Failure `usage`. */
export function targetsRequest(
  { source, destinations, toSelector }: TargetArguments,
  flags: RunFlags,
  options: { maxLossPercent: number },
): Omit<RunRequest, 'signal'> {
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
    tool: toolOptions(flags, entryChoice(flags)),
    concurrency: flags.concurrency,
  };
}
