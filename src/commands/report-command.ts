// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Failure } from '../errors/failure.js';
import type { Report } from '../model/report.js';
import { exitCodeOf } from '../report/exit-code.js';
import { quote } from '../targets/quote.js';
import { deliverReport, parseIgnored, type ReportOutputFlags } from './probe-command.js';
import { fileFormats, reportFiles } from './report-files.js';
import { terminalOf, wantsColor, type ColorMode } from './terminal.js';

/** The flags of `report`, as they were parsed. */
export interface ReportCommandFlags extends ReportOutputFlags {
  diff: boolean;
  slower: string;
  /** In ms. */
  'slower-by': number;
}

/** More than any run of ours makes: somebody named another file. */
const maxBytes = 512 * 1024 * 1024;

async function contentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  const { size } = await stat(file);
  if (size > maxBytes) throw new Error('it is too large for a report');
  return readFile(file, 'utf8');
}

async function readReport(file: string): Promise<Report> {
  const [{ parseReport }, content] = await Promise.all([
    import('../report/parse-report.js'),
    contentOf(file).catch((cause: unknown) => {
      const { code, message } = cause as NodeJS.ErrnoException;
      const why = { ENOENT: 'no such file', EISDIR: 'it is a folder', EACCES: 'permission denied' }[code ?? ''];
      throw new Failure('usage', `${quote(file)} cannot be read: ${why ?? message}`, { cause });
    }),
  ]);
  return parseReport(content, file === '-' ? 'stdin' : file);
}

async function showReport(file: string, flags: ReportCommandFlags): Promise<void> {
  const ignore = parseIgnored(flags.ignore);
  const report = await readReport(file);
  const files = await reportFiles(flags);
  await deliverReport(report, flags, files);
  process.exitCode = exitCodeOf(report, {
    interrupted: report.results.some(({ reason }) => reason === 'Interrupted'),
    ignore,
    exitZeroOnFailure: flags['exit-zero-on-failure'],
  });
}

/** The factor of `--slower`. Throws Failure `usage`. */
function slowdownFactor(word: string): number {
  const factor = /^\d+(?:\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
  if (factor >= 1) return factor;
  throw new Failure('usage', `invalid value ${quote(word)} for --slower: not a number of at least 1`);
}

const diffFormats = ['table', 'wide', 'json', 'yaml'];

function refuseForDiff(flags: ReportCommandFlags): void {
  if (!diffFormats.includes(flags.output)) {
    throw new Failure('usage', `--diff has no format ${flags.output}: must be one of ${diffFormats.join(', ')}`);
  }
  const unheeded = [...fileFormats.map((format) => `${format}-file` as const), 'ignore' as const].find(
    (name) => flags[name] !== undefined,
  );
  if (unheeded !== undefined) throw new Failure('usage', `--diff and --${unheeded} exclude each other`);
}

async function showDiff(old: string, next: string, flags: ReportCommandFlags): Promise<void> {
  refuseForDiff(flags);
  if (old === '-' && next === '-') throw new Failure('usage', 'only one of OLD and NEW can be stdin');
  const slowdown = { factor: slowdownFactor(flags.slower), floorMs: flags['slower-by'] };
  const [{ diffReports }, ...reports] = await Promise.all([
    import('../report/diff.js'),
    readReport(old),
    readReport(next),
  ]);
  const diff = diffReports({ file: old, report: reports[0] }, { file: next, report: reports[1] }, slowdown);
  if (flags.output === 'json') process.stdout.write((await import('../report/json.js')).renderJson(diff));
  else if (flags.output === 'yaml') process.stdout.write((await import('../report/yaml.js')).renderYaml(diff));
  else {
    const { renderDiff } = await import('../report/diff-table.js');
    process.stdout.write(
      renderDiff(diff, {
        width: terminalOf(process.stdout).width,
        color: wantsColor(flags.color as ColorMode, process.stdout),
        headers: !flags['no-headers'],
        wide: flags.output === 'wide',
      }),
    );
  }
  // A test that nobody makes any more has not become worse, and is no reason for peace either.
  const { gone } = diff.summary;
  if (gone > 0) {
    const tests = `${gone} of ${diff.old.total} ${diff.old.total === 1 ? 'test' : 'tests'}`;
    process.stderr.write(`Warning: ${tests} of ${quote(old)} ${gone === 1 ? 'is' : 'are'} gone from ${quote(next)}\n`);
  }
  process.exitCode = diff.summary.worse > 0 && !flags['exit-zero-on-failure'] ? 1 : 0;
}

/** `report`: files to what they say, or to what changed between them. */
export async function reportCommand(words: readonly string[], flags: ReportCommandFlags): Promise<void> {
  const [first, second, ...more] = words;
  const wanted = flags.diff ? 2 : 1;
  if (words.length < wanted || first === undefined) {
    throw new Failure('usage', flags.diff ? '--diff needs two reports' : 'the file of a report is needed', {
      hint: flags.diff ? 'report --diff OLD NEW' : 'report FILE, where FILE is what --json-file wrote; - is stdin',
    });
  }
  const extra = flags.diff ? more[0] : second;
  if (extra !== undefined) {
    throw new Failure('usage', `unexpected argument: ${quote(extra)}`, {
      hint: flags.diff ? 'report --diff OLD NEW' : 'one report at a time; to compare two: report --diff OLD NEW',
    });
  }
  if (flags.diff && second !== undefined) await showDiff(first, second, flags);
  else await showReport(first, flags);
}
