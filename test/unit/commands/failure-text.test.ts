// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { failureOf, failureText } from '../../../src/commands/failure-text.js';
import { exitCodeOfFailure } from '../../../src/errors/exit-code.js';
import { Failure } from '../../../src/errors/failure.js';

/** An error as oclif throws it for words that it does not understand. */
function oclifError(message: string): Error {
  return Object.assign(new Error(message), { oclif: { exit: 2 } });
}

describe('failureOf', () => {
  it.each([
    ['Nonexistent flag: --foo\nSee more help with --help', 'unknown flag: --foo'],
    ['command frob not found', 'unknown command "frob"'],
    ['Flag --count expects a value\nSee more help with --help', 'flag needs an argument: --count'],
    [
      'Expected --output=xml to be one of: table, json\nSee more help with --help',
      'invalid value "xml" for --output: must be one of table, json',
    ],
  ])('says %j as kubectl does', (message, expected) => {
    const failure = failureOf(oclifError(message));
    expect(failure).toMatchObject({ code: 'usage', message: expected });
    expect(exitCodeOfFailure(failure)).toBe(2);
  });

  it.each([
    [['shpae', 'web'], 'unknown command "shpae"', 'did you mean shape?'],
    [['PING', 'a', 'b'], 'unknown command "PING"', 'did you mean ping?'],
    [['config', 'veiw'], 'unknown command "config veiw"', 'did you mean config view?'],
    [['--version'], 'unknown flag: --version', 'did you mean version?'],
    [
      ['-n', 'shop', 'ping', 'a', 'b'],
      'flags cannot be placed before the command: -n',
      'write them behind it: kubectl netmachinery COMMAND -n ...',
    ],
    [['nosuch'], 'unknown command "nosuch"', "see 'kubectl netmachinery --help'"],
  ])('says of %j what was meant', (argv, message, hint) => {
    expect(failureOf(oclifError(`command ${argv.join(':')} not found`), argv)).toMatchObject({ message, hint });
  });

  it.each([
    [['shape', 'lst'], 'did you mean shape list?'],
    [['inject', 'Enabel', '-l', 'a=b'], 'did you mean inject enable?'],
    [['rbac', 'heal'], 'did you mean rbac shape?'],
    [['rbac', 'inject', 'enable'], 'did you mean rbac inject-enable?'],
    [['rbac', 'shape list'], 'did you mean rbac shape?'],
    [['rbac', 'ping', '--targets', 'x'], 'as it was'],
    [['shape', 'web'], 'as it was'],
    [['shape', 'listener'], 'as it was'],
    [['shape', 'pod/lst'], 'as it was'],
    [['shape', 'list', 'lst'], 'as it was'],
    [['ping', 'lst'], 'as it was'],
  ])('knows commands below commands: %j', (argv, hint) => {
    const failure = failureOf(new Failure('usage', 'no effect is asked for', { hint: 'as it was' }), argv);
    expect(failure).toMatchObject({ message: 'no effect is asked for', hint });
  });

  it('takes --hlp for --help', () => {
    expect(failureOf(oclifError('Nonexistent flag: --hlp'), ['ping', '--hlp']).hint).toBe('did you mean --help?');
  });

  it('unwraps what a flag parser threw', () => {
    const thrown = new Failure(
      'usage',
      'Parsing --timeout \n\tinvalid value "x" for --timeout: not a duration\nSee more help with --help',
    );
    expect(failureOf(thrown).message).toBe('invalid value "x" for --timeout: not a duration');
  });

  it('takes everything else for a bug and keeps its stack', () => {
    const failure = failureOf(new TypeError('boom'));
    expect(failure.code).toBe('bug');
    expect(exitCodeOfFailure(failure)).toBe(3);
    expect(failureText(failure)).toContain('TypeError: boom');
  });
});

describe('failureText', () => {
  it('is one line of what is wrong and one of what to do', () => {
    const failure = new Failure('notFound', 'pods "x" not found', { hint: 'did you mean y?' });
    expect(failureText(failure)).toBe('error: pods "x" not found\nhint: did you mean y?\n');
  });
});
