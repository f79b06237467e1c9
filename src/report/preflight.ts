// SPDX-License-Identifier: Apache-2.0
import { Chalk } from 'chalk';
import type { Check, CheckStatus, PreflightReport } from '../model/preflight.js';
import { columnLines, type Column } from './columns.js';
import { plainText } from './plain-text.js';
import type { RenderOptions } from './render-options.js';
import { displayWidth, wrapWords } from './text-width.js';

const symbols: Record<CheckStatus, string> = { ok: '✓', warning: '!', failed: '✗', unknown: '?' };
type Paint = (status: CheckStatus, text: string) => string;

function painter(color: boolean): Paint {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const paints = { ok: chalk.green, warning: chalk.yellow, failed: chalk.red, unknown: chalk.cyan };
  return (status, text) => paints[status](text);
}

function statusText({ status }: Check): string {
  return `${symbols[status]} ${status}`;
}

function tableLines(checks: readonly Check[], headers: boolean, paint: Paint): string[] {
  const cells = (value: (check: Check) => string | undefined) => checks.map((check) => plainText(value(check) ?? ''));
  const columns: Column[] = [
    { header: ['CHECK'], cells: cells(({ check }) => check) },
    {
      header: ['STATUS'],
      cells: cells(statusText),
      paint: (text, row) => paint(checks[row]?.status ?? 'unknown', text),
    },
    { header: ['DETAIL'], cells: cells(({ detail }) => detail) },
    { header: ['WHAT TO DO'], cells: cells(({ action }) => action) },
  ];
  return columnLines(columns, headers);
}

/** One check below the other, for terminals that the table is too wide for: nothing of these texts may be cut. */
function stackedLines(checks: readonly Check[], width: number, paint: Paint): string[] {
  const wrapped = (text: string) => wrapWords(plainText(text).split(' '), width - 2).map((line) => `  ${line}`);
  return checks.flatMap((check) => [
    `${paint(check.status, statusText(check))}  ${plainText(check.check)}`,
    ...wrapped(check.detail),
    ...(check.action === undefined ? [] : wrapped(`→ ${check.action}`)),
  ]);
}

/** `preflight`: a line a check, with what was read and what to do about it. */
export function renderPreflight({ checks }: PreflightReport, { width, color, headers }: RenderOptions): string {
  const plain = tableLines(checks, headers, (_, text) => text);
  const fits = plain.every((line) => displayWidth(line) <= width);
  const paint = painter(color);
  const lines = fits ? tableLines(checks, headers, paint) : stackedLines(checks, width, paint);
  return lines.map((line) => `${line}\n`).join('');
}
