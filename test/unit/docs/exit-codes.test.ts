// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { exitCodeOfFailure } from '../../../src/errors/exit-code.js';
import type { FailureCode } from '../../../src/errors/failure.js';
import { Failure } from '../../../src/errors/failure.js';
import type { Verdict } from '../../../src/model/verdict.js';
import { verdicts } from '../../../src/model/verdict.js';
import { exitCodeOf } from '../../../src/report/exit-code.js';
import { ping, reportOf, web0 } from '../report/sample-reports.js';
import { documents } from './documents.js';

const destination = { ref: '198.18.0.1', kind: 'ip', address: '198.18.0.1' } as const;

function codeOf(found: readonly Verdict[], interrupted = false): number {
  return exitCodeOf(
    reportOf(
      'ping',
      found.map((verdict) => ping(web0, destination, 1, { verdict })),
    ),
    { interrupted },
  );
}

function codeOfFailure(code: FailureCode): number {
  return exitCodeOfFailure(new Failure(code, ''));
}

/** The codes of runs with a report, the one that wins over all others first. */
function codesOfVerdicts(): number[] {
  const codes: number[] = [];
  for (let left: readonly Verdict[] = verdicts; left.length > 0;) {
    const code = codeOf(left);
    codes.push(code);
    left = left.filter((verdict) => codeOf([verdict]) !== code);
  }
  return codes;
}

/** The first column of each table of exit codes. */
function tables(text: string): number[][] {
  return [...text.matchAll(/^\| exit code .*\n\|[- |]+\n((?:\|.*\n)+)/gm)].map(([, rows = '']) =>
    [...rows.matchAll(/^\| *(\d+)/gm)].map(([, code]) => Number(code)),
  );
}

describe('tables of exit codes in documents', () => {
  const ofSource = [codeOf(verdicts, true), codeOfFailure('usage'), ...codesOfVerdicts()];
  const inDocuments = documents().flatMap(({ path, text }) => tables(text).map((codes) => ({ path, codes })));

  it.each(inDocuments)('say what the programs do, in their order: $path', ({ codes }) => {
    expect(codes).toEqual(ofSource);
  });

  it('are in the README and on the page about CI', () => {
    expect(inDocuments.map(({ path }) => path)).toEqual(['README.md', 'docs/in-ci.md']);
  });

  it('name the codes of all failures', () => {
    const failures: FailureCode[] = [
      'usage',
      'notFound',
      'forbidden',
      'cluster',
      'tool',
      'bug',
      'unsupported',
      'interrupted',
    ];
    expect(ofSource).toEqual(expect.arrayContaining(failures.map(codeOfFailure)));
  });
});
