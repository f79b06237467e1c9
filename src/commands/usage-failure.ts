// SPDX-License-Identifier: Apache-2.0
import manifest from '../../plugins-manifest/oclif.manifest.json' with { type: 'json' };
import { Failure } from '../errors/failure.js';
import { permissionVerb } from '../permissions/command-verb.js';
import { nearestNames } from '../targets/edit-distance.js';
import { commandId, commandWords } from '../surface/command-id.js';

const commands: Record<string, { flags: object }> = manifest.commands;
const ids = new Set(Object.keys(commands));

type Words = { message: string; hint?: string | undefined };

function didYouMean(near: readonly string[]): string | undefined {
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}

/** oclif joins the words that it takes for a command by colons; only the first ones can be one of ours. */
function unknownCommand(words: string, argv: readonly string[]): Words {
  const [first = ''] = argv;
  const id = commandId(argv, ids);
  if (id !== undefined) return { message: `unexpected argument: ${argv[id.split(':').length] ?? ''}` };
  const name = first === '' ? (words.split(':')[0] ?? '') : first;
  if (name.startsWith('-')) return flagBeforeCommand(name);
  // `config` alone is help: the word that is wrong is the next one.
  const isTopic = [...ids].some((one) => one.startsWith(`${name}:`));
  const meant = isTopic ? argv.slice(0, 2).join(' ') : name;
  return { message: `unknown command "${meant}"`, hint: didYouMean(nearestCommands(meant)) };
}

/** Commands are written in small letters. */
function nearestCommands(word: string): string[] {
  return nearestNames(word.toLowerCase(), [...ids].map(commandWords));
}

function flagBeforeCommand(flag: string): Words {
  const near = nearestCommands(flag.replace(/^-+/, ''));
  if (flag.startsWith('--') && near.length > 0) return { message: `unknown flag: ${flag}`, hint: didYouMean(near) };
  return {
    message: `flags cannot be placed before the command: ${flag}`,
    hint: `write them behind it: kubectl netmachinery COMMAND ${flag} ...`,
  };
}

/**
 * The command that was meant where the word behind a command is nearly one below it: `shape lst`. Undefined where it is
 * none, or may as well be a name: longer than the command, or with a type.
 */
function subcommandMeant(argv: readonly string[]): string | undefined {
  const id = commandId(argv, ids);
  const [, word = ''] = argv;
  if (id === undefined || id.includes(':') || !/^[a-z]+$/i.test(word)) return undefined;
  const below = [...ids].filter((one) => one.startsWith(`${id}:`)).map((one) => one.slice(id.length + 1));
  const [near] = nearestNames(word.toLowerCase(), below, 1);
  return near === undefined || word.startsWith(near) ? undefined : `${id} ${near}`;
}

/** `rbac heal` and `rbac inject enable`: commands that need what another one does have no Role of their own. */
function roleMeant(argv: readonly string[]): string | undefined {
  const [first, ...words] = argv;
  if (first !== 'rbac') return undefined;
  const [name = '', below = ''] = words.flatMap((word) => word.split(' '));
  const verb = permissionVerb([name, below]);
  const isFurther = ids.has(`${name}:${below}`);
  return verb === undefined || (verb === name && !isFurther) ? undefined : `rbac ${verb}`;
}

/** A usage error with the command that was probably meant, where the second word is a slip of one. */
export function withCommandMeant(failure: Failure, argv: readonly string[]): Failure {
  const meant = failure.code === 'usage' ? (subcommandMeant(argv) ?? roleMeant(argv)) : undefined;
  return meant === undefined ? failure : new Failure('usage', failure.message, { hint: `did you mean ${meant}?` });
}

function unknownFlag(flags: string, argv: readonly string[]): Words {
  const word = flags.split(', ')[0] ?? '';
  const known = Object.keys(commands[commandId(argv, ids) ?? '']?.flags ?? {})
    .map((name) => `--${name}`)
    .concat('--help');
  const near = word.startsWith('--') ? nearestNames(word, known) : [];
  return { message: `unknown flag: ${flags}`, hint: didYouMean(near) };
}

function missingArguments(text: string): Words {
  const names = [...text.matchAll(/^(\w+)[ \t]+\(([^)]*)\)/gm)].map(([, name, values]) =>
    values === undefined ? (name ?? '') : `${(name ?? '').toUpperCase()} (${values.replaceAll('|', ', ')})`,
  );
  return { message: `missing argument: ${names.join(' and ')}` };
}

const oclifWords: [RegExp, (match: RegExpMatchArray, argv: readonly string[], text: string) => Words][] = [
  [/^command (.+) not found$/, (match, argv) => unknownCommand(match[1] ?? '', argv)],
  [/^Nonexistent flags?: (.+)$/, (match, argv) => unknownFlag(match[1] ?? '', argv)],
  [/^Flag (--\S+) expects a value$/, (match) => ({ message: `flag needs an argument: ${match[1] ?? ''}` })],
  [
    /^Expected (--\S+)=(.*) to be one of: (.+)$/,
    (match) => ({
      message: `invalid value "${match[2] ?? ''}" for ${match[1] ?? ''}: must be one of ${match[3] ?? ''}`,
    }),
  ],
  [
    /^Expected (.*) to be one of: (.+)$/,
    (match) => ({ message: `invalid argument "${match[1] ?? ''}": must be one of ${match[2] ?? ''}` }),
  ],
  [/^Unexpected arguments?: (.+)$/, (match) => ({ message: `unexpected argument: ${match[1] ?? ''}` })],
  [
    /^Parsing (--\S+) *\n\s*Expected an integer(?: (.+))? but received: (.*)$/,
    (match) => ({
      message: `invalid argument "${match[3] ?? ''}" for "${match[1] ?? ''}" flag: not an integer${match[2] === undefined ? '' : ` ${match[2]}`}`,
    }),
  ],
  [/^Missing \d+ required args?:/, (_match, _argv, text) => missingArguments(text)],
  [
    /^The following errors? occurred:\s+(--[\w-]+)=.* cannot also be provided when using (--[\w-]+)/,
    (match) => ({ message: `${match[1] ?? ''} and ${match[2] ?? ''} exclude each other` }),
  ],
];

/** oclif's complaint about words or flags as a usage error in kubectl's words, with what was probably meant. */
export function usageFailure(complaint: string, argv: readonly string[]): Failure {
  const text = complaint.replace(/\nSee more help with --help$/, '').trim();
  const id = commandId(argv, ids);
  const help = id === undefined ? '--help' : `${commandWords(id)} --help`;
  for (const [pattern, words] of oclifWords) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const { message, hint = `see 'kubectl netmachinery ${help}'` } = words(match, argv, text);
    return new Failure('usage', message, { hint });
  }
  return new Failure('usage', text.replaceAll(/\s*\n\s*/g, ' '), { hint: `see 'kubectl netmachinery ${help}'` });
}
