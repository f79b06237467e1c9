// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../errors/failure.js';
import type { Report } from '../model/report.js';
import type { Verdict } from '../model/verdict.js';
import { renderReport, type ReportFormat } from '../report/render-report.js';
import { quote } from '../targets/quote.js';

/** The formats that are written to files beside what stdout gets, by `--FORMAT-file`. */
export const fileFormats = ['json', 'junit', 'tap', 'html'] as const satisfies readonly ReportFormat[];

/** The flags of the files, as they were parsed. */
export type ReportFileFlags = Partial<Record<`${(typeof fileFormats)[number]}-file`, string | undefined>>;

/** A file that is known to be writable. */
export interface ReportFile {
  /** The flag that names it. */
  flag: string;
  format: ReportFormat;
  /** Absolute, links resolved. */
  path: string;
  /** A pipe or a device cannot be replaced. */
  inPlace: boolean;
}

function systemText(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const texts: Record<string, string> = {
    ENOENT: 'no such folder',
    ENOTDIR: 'part of the path is no folder',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EROFS: 'read-only file system',
    EISDIR: 'it is a folder',
    ENOSPC: 'no space left',
    ENAMETOOLONG: 'the name is too long',
    ELOOP: 'the links go round in a circle',
  };
  return texts[code ?? ''] ?? message;
}

/** Where a file is made before it takes its place: in the same folder, so that taking it is one step. */
function temporaryName(file: string): string {
  return path.join(path.dirname(file), `.netmachinery-${randomBytes(6).toString('hex')}.tmp`);
}

/** Shows by doing it that a file can be made beside this one, or that this one can be written; leaves nothing. */
async function checkFile(flag: string, format: ReportFormat, name: string): Promise<ReportFile> {
  const absolute = path.resolve(name);
  const existing = await stat(absolute).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  });
  if (existing?.isDirectory() === true) throw Object.assign(new Error(), { code: 'EISDIR' });
  if (existing !== undefined) await access(absolute, constants.W_OK);
  const inPlace = existing !== undefined && !existing.isFile();
  const folder = await realpath(path.dirname(absolute));
  const file = existing === undefined ? path.join(folder, path.basename(absolute)) : await realpath(absolute);
  if (!inPlace) {
    const temporary = temporaryName(file);
    await (await open(temporary, 'wx')).close();
    await rm(temporary);
  }
  return { flag, format, path: file, inPlace };
}

/**
 * The files that a report goes to, each found writable. Nothing is written yet. Throws Failure `usage` for one that cannot
 * be written, and for two flags that name the same.
 */
export async function reportFiles(flags: ReportFileFlags): Promise<ReportFile[]> {
  const files: ReportFile[] = [];
  for (const format of fileFormats) {
    const name = flags[`${format}-file`];
    const flag = `--${format}-file`;
    if (name === undefined) continue;
    if (name === '' || name === '-') {
      throw new Failure('usage', `${flag} takes the name of a file`, { hint: `for stdout there is -o ${format}` });
    }
    const file = await checkFile(flag, format, name).catch((cause: unknown) => {
      throw new Failure('usage', `${flag}: ${quote(name)} cannot be written: ${systemText(cause)}`, { cause });
    });
    const same = files.find((other) => other.path === file.path);
    if (same !== undefined) throw new Failure('usage', `${same.flag} and ${flag} name the same file ${quote(name)}`);
    files.push(file);
  }
  return files;
}

async function replaceFile({ path: file, inPlace }: ReportFile, text: string): Promise<void> {
  if (inPlace) return writeFile(file, text);
  const temporary = temporaryName(file);
  try {
    const mode = await stat(file).then(
      (existing) => existing.mode & 0o777,
      () => undefined,
    );
    const handle = await open(temporary, 'wx');
    try {
      // Who may read it is what it was.
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file).catch(async (cause: unknown) => {
      // A file that is mounted by itself, as containers get them, cannot be replaced.
      if ((cause as NodeJS.ErrnoException).code !== 'EBUSY') throw cause;
      await writeFile(file, text);
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Writes what `render` makes of each format to its file; each is whole or as it was before. All are tried. Throws Failure `tool`
 * naming those that could not be written.
 */
export async function writeFiles(
  files: readonly ReportFile[],
  render: (format: ReportFile['format']) => string | Promise<string>,
): Promise<void> {
  const failures: string[] = [];
  for (const file of files) {
    try {
      await replaceFile(file, await render(file.format));
    } catch (cause) {
      failures.push(`${file.flag}: ${quote(file.path)} could not be written: ${systemText(cause)}`);
    }
  }
  if (failures.length > 0) throw new Failure('tool', failures.join('; '));
}

/** Writes a report to its files, as `writeFiles` does. */
export function writeReportFiles(
  report: Report,
  files: readonly ReportFile[],
  options: { ignore?: readonly Verdict[] } = {},
): Promise<void> {
  const how = { width: Number.POSITIVE_INFINITY, color: false, headers: true, ...options };
  return writeFiles(files, (format) => renderReport(report, format, how));
}
