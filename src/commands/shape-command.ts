// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { Cluster } from '../kube/cluster.js';
import { connectCluster } from '../kube/connect.js';
import type { ShapeReport } from '../model/shaping.js';
import { shapeExitCode } from '../report/exit-code.js';
import { renderShaping, shapedNames, shapingLine, type RuleWords } from '../report/shaping.js';
import { describeEffects, describeScope } from '../shaping/describe-effects.js';
import { dryRunAssumptions, dryRunText } from '../shaping/dry-run.js';
import { shape } from '../shaping/shape.js';
import type { ShapeObserver, ShapeTask } from '../shaping/shape-request.js';
import { companionOf } from './companion.js';
import { clusterOptions } from './flags/cluster-options.js';
import type { ShapeFlags } from './flags/shape-flags.js';
import { limitRun, shapesNotCleared } from './interruption.js';
import { objectText } from './object-text.js';
import { Progress } from './progress.js';
import { parseShapeFiles } from './shape-files.js';
import { parseShape, shapeOptions, type ParsedShape } from './shape-request.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** What a second Ctrl-C is told. */
const ruleWords: RuleWords = {
  effects: ({ effects }) => describeEffects(effects),
  scope: ({ scope }) => describeScope(scope),
};

async function parsed(words: readonly string[], flags: ShapeFlags): Promise<ParsedShape> {
  return flags.filename === undefined ? parseShape(words, flags) : parseShapeFiles(words, flags);
}

function checkCompanion(flags: ShapeFlags): void {
  const refused = [
    flags.detach ? '--detach' : '',
    flags['dry-run'] === 'none' ? '' : '--dry-run',
    flags.output === 'table' ? '' : '-o (write it behind the command)',
    flags.duration === undefined ? '' : '--duration',
  ].find((flag) => flag !== '');
  if (refused === undefined) return;
  throw new Failure('usage', `${refused} cannot be used with a command after --`, {
    hint: 'the shape lasts as long as the command, whose output is on stdout',
  });
}

/** The commands of `--dry-run=client` are no report. Throws Failure `usage`. */
function checkDryRun(flags: ShapeFlags): void {
  if (flags['dry-run'] !== 'client' || (flags.output !== 'json' && flags.output !== 'yaml')) return;
  throw new Failure('usage', `-o ${flags.output} cannot be used with --dry-run=client, which prints commands`, {
    hint: '--dry-run=server has a report, and enters no pod either',
  });
}

function writeDryRun(tasks: readonly ShapeTask[], flags: ShapeFlags): void {
  if (flags.output === 'name') {
    process.stdout.write(tasks.map(({ source }) => `pod/${source.name}\n`).join(''));
    return;
  }
  // First the text: where the rules cannot be made, that is all there is to say.
  const text = dryRunText(tasks);
  process.stderr.write(`Note: ${dryRunAssumptions}\n`);
  process.stdout.write(text);
}

async function textOf(report: ShapeReport, flags: ShapeFlags): Promise<string> {
  if (flags.output === 'name') return shapedNames(report);
  if (flags.output === 'json' || flags.output === 'yaml') return objectText(report, flags.output);
  const { width } = terminalOf(process.stdout);
  const color = wantsColor(flags.color as ColorMode, process.stdout);
  return renderShaping(report, {
    width,
    color,
    headers: !flags['no-headers'],
    wide: flags.output === 'wide',
    words: ruleWords,
  });
}

/** Runs a shape and its companion; the exit code is the command's where the shape lasted as long. */
async function run(
  cluster: Cluster,
  request: Parameters<typeof shape>[1],
  observer: ShapeObserver,
  companion: ReturnType<typeof companionOf> | undefined,
): Promise<{ report: ShapeReport; companionExitCode: number | undefined }> {
  let companionExitCode: number | undefined;
  const start =
    companion &&
    (async (signal: AbortSignal) => {
      companionExitCode = await companion(signal);
    });
  const report = await shape(cluster, request, observer, start);
  return { report, companionExitCode };
}

/** `shape`: words and flags to shaped pods, until they are shaped no more. */
export async function shapeCommand(
  words: string[],
  flags: ShapeFlags,
  companionWords: readonly string[] | undefined,
): Promise<void> {
  checkDryRun(flags);
  if (companionWords !== undefined) checkCompanion(flags);
  const companion = companionWords === undefined ? undefined : companionOf(companionWords, { ...flags });
  const { warnings, tasks } = await parsed(words, flags);
  const options = shapeOptions(flags);
  const limits = limitRun(undefined, shapesNotCleared);
  const progress = new Progress(process.stderr.isTTY && companion === undefined);
  let isLeft = false;
  const observer: ShapeObserver = {
    notice: (line) => progress.line(line),
    left: (line) => {
      isLeft = true;
      progress.line(`error: ${line}`);
    },
    progress: (text) => progress.update(text),
    shaped: (results) => {
      if (options.detach) return;
      for (const result of results) progress.line(shapingLine(result, ruleWords));
    },
  };
  let cluster: Cluster | undefined;
  try {
    cluster = await connectCluster(clusterOptions(flags));
    for (const warning of warnings) progress.line(`Warning: ${warning}`);
    const { signal } = limits;
    const request = { ...options, warnings, tasks: await tasks(cluster, signal), signal };
    if (options.dryRun === 'client') {
      progress.stop();
      writeDryRun(request.tasks, flags);
      return;
    }
    const { report, companionExitCode } = await run(cluster, request, observer, companion);
    progress.stop();
    const ended = shapeExitCode(report, { interrupted: limits.interrupted(), isLeft });
    if (companionExitCode === undefined) process.stdout.write(await textOf(report, flags));
    else if (ended !== 0) process.stderr.write(await textOf(report, flags));
    process.exitCode = companionExitCode === undefined || ended !== 0 ? ended : companionExitCode;
  } finally {
    progress.stop();
    limits.dispose();
    cluster?.close();
  }
}
