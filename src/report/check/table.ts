// SPDX-License-Identifier: Apache-2.0
import { Chalk } from 'chalk';
import type { CheckReport } from '../../model/check.js';
import { plainText } from '../plain-text.js';
import { wrapWords } from '../text-width.js';
import { verdictPainter } from '../verdict-style.js';
import { briefCause } from './brief-cause.js';
import { findingLines } from './finding-lines.js';
import { matrixLines } from './matrix-lines.js';
import { nodeLines } from './node-lines.js';
import { outageLines } from './outage-lines.js';
import { legacyText, settingsText, testsText, tooEarlyText } from './remarks.js';
import type { CheckRenderOptions } from './options.js';
import { serviceLines } from './service-lines.js';
import { verdictLine } from './words.js';

const shownOutages = 5;

/** `-o table`: whether the network works, what is wrong and where, and then all that is behind it, in sections. */
export function renderCheckTable(report: CheckReport, options: CheckRenderOptions): string {
  const { width, color, headers, colorLevel = 1 } = options;
  const paint = verdictPainter(color);
  const bold = new Chalk({ level: color ? 1 : 0 }).bold;
  const wrapped = (text: string) => wrapWords(plainText(text).split(' '), width);
  const section = { width, color, headers };
  const tooEarly = tooEarlyText(report);
  const sections = [
    [
      ...wrapped(verdictLine(report)).map((line) => bold(paint(report.verdict, line))),
      ...findingLines(report.findings, width, color),
      ...(tooEarly === undefined ? [] : wrapped(tooEarly)),
    ],
    nodeLines(report, section),
    matrixLines(report, { width, headers, color: color ? colorLevel : 0 }),
    serviceLines(report, section),
    outageLines(report, section, { most: shownOutages, causeOf: briefCause }),
    [
      ...report.warnings.flatMap((warning) => wrapped(`Warning: ${warning}`)),
      ...(report.legacyApi === true ? wrapped(legacyText) : []),
      ...wrapped(settingsText(report)),
      ...wrapped(testsText(report)),
    ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n');
}
