// SPDX-License-Identifier: Apache-2.0
import { Flags } from '@oclif/core';

const files = 'FILES';
const tests = 'TESTS';

/** Which files of tests are read, and with which values. */
export const suiteFileFlags = {
  filename: Flags.string({
    char: 'f',
    helpGroup: files,
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Files of tests: files, folders, or - for stdin',
  }),
  recursive: Flags.boolean({
    char: 'R',
    helpGroup: files,
    summary: 'Process the directory used in -f, --filename recursively',
  }),
  set: Flags.string({
    helpGroup: files,
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Value of a variable that a NetworkTest declares',
  }),
};

/** Which of their tests are made. */
export const suiteTestFlags = {
  test: Flags.string({
    helpGroup: tests,
    helpValue: '[!]REGEX',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only tests whose name, or SUITE/TEST, matches; with ! all but those',
  }),
  include: Flags.string({
    helpGroup: tests,
    helpValue: 'TAG,',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only tests with one of these tags',
  }),
  exclude: Flags.string({
    helpGroup: tests,
    helpValue: 'TAG,',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'No tests with one of these tags',
  }),
};
