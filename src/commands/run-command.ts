// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { TestOfSuite } from '../suites/prepare-tests.js';
import { runSuites, type SuiteRun } from '../suites/run-suites.js';
import { selectTests } from '../suites/select-tests.js';
import type { Suite } from '../suites/suite.js';
import { parseMode } from '../targets/source-choice.js';
import { reportRun, type ReportFlags } from './probe-command.js';
import { shapesNotCleared } from './interruption.js';
import { entryChoice, type EntryFlags } from './run-request.js';
import { watchRun } from './run-watch.js';
import { readSuiteFiles, refuseWords, type SuiteFileFlags } from './suite-files.js';
import { SuiteView } from './suite-view.js';
import { wantsColor, type ColorMode } from './terminal.js';
import { toolOptions } from './tool-options.js';

/** The flags of `run`, as they were parsed. Times in ms. */
export interface RunSuiteFlags extends ReportFlags, EntryFlags, SuiteFileFlags {
  test?: string[] | undefined;
  include?: string[] | undefined;
  exclude?: string[] | undefined;
  'fail-fast': boolean;
  retries?: number | undefined;
  repeat: number;
  watch: boolean;
  frequency?: number | undefined;
  mode?: string | undefined;
  'max-pods': number;
  concurrency: number;
}

const splitTags = (words: readonly string[] = []) => words.flatMap((word) => word.split(',')).map((tag) => tag.trim());

function refuseContradictions(flags: RunSuiteFlags): void {
  if (flags.frequency !== undefined && !flags.watch) {
    throw new Failure('usage', '--frequency is of use with --watch only', { hint: 'add --watch' });
  }
  if (flags.watch && flags.repeat > 1) {
    throw new Failure('usage', '--watch and --repeat exclude each other', {
      hint: '--watch repeats until it is stopped',
    });
  }
  if (flags.watch && flags['fail-fast']) {
    throw new Failure('usage', '--watch and --fail-fast exclude each other', {
      hint: 'tests that a round leaves out would be changes',
    });
  }
  if (flags.watch && flags['no-exec']) {
    throw new Failure('usage', '--watch and --no-exec exclude each other', {
      hint: 'each round would add ephemeral containers to the pods, ten a pod at most',
    });
  }
}

/** The tests that are wanted; what the command says of all of them is stronger than the files. */
function testsOf(suites: readonly Suite[], flags: RunSuiteFlags): TestOfSuite[] {
  const { retries } = flags;
  const mode = flags.mode === undefined ? undefined : parseMode(flags.mode);
  const selection = { test: flags.test ?? [], include: splitTags(flags.include), exclude: splitTags(flags.exclude) };
  return selectTests(suites, selection).flatMap((suite) =>
    suite.tests.map((test) => ({
      suite,
      test: { ...test, ...(mode === undefined ? {} : { mode }), ...(retries === undefined ? {} : { retries }) },
    })),
  );
}

/** `run`: files and flags to a report. */
export async function runCommand(words: readonly string[], flags: RunSuiteFlags): Promise<void> {
  refuseWords(words, 'run');
  refuseContradictions(flags);
  const { suites, warnings } = await readSuiteFiles(flags, 'run');
  const tests = testsOf(suites, flags);
  const shaped = tests.find(({ test }) => test.while !== undefined);
  if (shaped !== undefined && flags['probe-pod']) {
    throw new Failure('usage', `--probe-pod cannot be used with checks under a shape (${shaped.test.place})`, {
      hint: 'the shape is in the pod itself, and a probe pod would send without it',
    });
  }
  const tool = toolOptions(flags, entryChoice(flags));
  for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
  const view = new SuiteView(process.stderr, wantsColor(flags.color as ColorMode, process.stderr));
  await reportRun(
    flags,
    async (cluster, { signal, observer }) => {
      const run: SuiteRun = {
        tool,
        concurrency: flags.concurrency,
        maxPods: flags['max-pods'],
        signal,
        failFast: flags['fail-fast'],
        repeat: flags.repeat,
      };
      if (flags.watch) {
        await watchRun(cluster, tests, run, flags, observer);
        return undefined;
      }
      return runSuites(cluster, tests, run, {
        ...observer,
        planned: (sources) => view.planned(sources),
        made: ({ suite, test }, { results }) => view.made(suite.name, test.name, results),
      });
    },
    { display: view, lastWords: shaped === undefined ? undefined : shapesNotCleared },
  );
}
