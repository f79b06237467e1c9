// SPDX-License-Identifier: Apache-2.0
import { suiteList } from '../suites/suite-list.js';
import type { Suite } from '../suites/suite.js';
import { objectText } from './object-text.js';
import { readSuiteFiles, refuseWords, type SuiteFileFlags } from './suite-files.js';
import { terminalOf } from './terminal.js';
import { renderSuites, renderTestNames, renderTests } from './validate-view.js';

/** The flags of `validate`, as they were parsed. */
export interface ValidateFlags extends SuiteFileFlags {
  output: string;
  'no-headers': boolean;
}

async function rendered(suites: readonly Suite[], flags: ValidateFlags): Promise<string> {
  const options = { width: terminalOf(process.stdout).width, headers: !flags['no-headers'] };
  switch (flags.output) {
    case 'wide':
      return renderTests(suites, options);
    case 'name':
      return renderTestNames(suites);
    case 'json':
    case 'yaml':
      return objectText(suiteList(suites), flags.output);
    default:
      return renderSuites(suites, options);
  }
}

/** `validate`: what files are taken for, on stdout; what is odd about them, on stderr. Throws what is wrong in them. */
export async function validateCommand(words: readonly string[], flags: ValidateFlags): Promise<void> {
  refuseWords(words, 'validate');
  const { suites, warnings } = await readSuiteFiles(flags, 'validate');
  for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
  process.stdout.write(await rendered(suites, flags));
}
