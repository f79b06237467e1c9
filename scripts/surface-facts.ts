// SPDX-License-Identifier: Apache-2.0
import { commandWords } from '../src/surface/command-id.js';
import type { CommandDescription, FlagDescription } from '../src/surface/command-surface.js';

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function flagFacts(flag: FlagDescription): string[] {
  const name = `--${flag.name}`;
  const { char, aliases = [], options = [], env, multiple, default: value, type } = flag;
  return [
    `${name} ${type === 'boolean' ? 'is a switch' : 'takes a value'}`,
    ...(char === undefined ? [] : [`${name} is also -${char}`]),
    ...aliases.map((alias) => `${name} is also --${alias}`),
    ...options.map((option) => `${name} may be ${option}`),
    ...(multiple === true ? [`${name} may be repeated`] : []),
    ...(env === undefined ? [] : [`${name} is ${env} in the environment`]),
    ...(value === undefined ? [] : [`${name} is ${valueText(value)} by default`]),
  ];
}

/**
 * What users and their scripts may rely on, one fact a line, sorted: commands, flags, their short forms and aliases, allowed
 * values and defaults. Whatever is hidden is nobody's to rely on.
 */
export function surfaceFacts(commands: Iterable<CommandDescription>): string[] {
  const facts = [...commands]
    .filter(({ hidden }) => !hidden)
    .flatMap((command) => {
      const words = commandWords(command.id);
      const details = [
        ...command.aliases.map((alias) => `is also ${commandWords(alias)}`),
        ...command.args.flatMap(({ name, options = [] }) => [
          `${name.toUpperCase()} is an argument`,
          ...options.map((option) => `${name.toUpperCase()} may be ${option}`),
        ]),
        ...command.flags.filter(({ hidden }) => hidden !== true).flatMap(flagFacts),
      ];
      return [words, ...details.map((detail) => `${words} ${detail}`)];
    });
  return [...new Set(facts)].sort();
}

/** The facts that were and are no more. */
export function goneFacts(snapshot: readonly string[], facts: readonly string[]): string[] {
  const known = new Set(facts);
  return snapshot.filter((fact) => !known.has(fact));
}
