// SPDX-License-Identifier: Apache-2.0
import { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { Place } from '../manifests/place.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';

/** Where the values of variables come from, beside the files. */
export interface VariableSources {
  /** `--set NAME=VALUE`, which is stronger than anything else. */
  set: Readonly<Record<string, string>>;
  /** Read only for variables that say so (`fromEnv`). */
  environment: NodeJS.ProcessEnv;
}

/** Values by name; a variable of which something was noted has none. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** The variables of a file, and whether something was noted already of one that is not among them. */
export interface DeclaredVariables {
  known: Variables;
  isNoted: (name: string) => boolean;
}

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `spec.variables`: texts, or where they come from. */
export function readVariables(declared: Fields | undefined, sources: VariableSources): Variables {
  const variables = new Map<string, string | undefined>();
  for (const name of declared?.names() ?? []) {
    if (!namePattern.test(name)) {
      declared?.place.wrongField(name, `${quote(name)} can not be a variable`, 'letters, digits and _ are allowed');
      continue;
    }
    const given = Object.hasOwn(sources.set, name) ? sources.set[name] : undefined;
    const own = declared === undefined ? undefined : readVariable(declared, name, sources, given !== undefined);
    variables.set(name, given ?? own);
  }
  return variables;
}

function readVariable(fields: Fields, name: string, sources: VariableSources, isSet: boolean): string | undefined {
  const value = fields.raw(name);
  const place = fields.at(name);
  if (isText(value)) return plain(String(value), place);
  if (value === noted) return undefined;
  if (value === undefined) {
    if (!isSet) noteMissing(place, name);
    return undefined;
  }
  const from = Fields.of(value, place);
  if (from === undefined) return undefined;
  const variable = from.text('fromEnv');
  const fallback = from.raw('default');
  from.end();
  if (fallback === noted) return undefined;
  if (fallback !== undefined && !isText(fallback)) {
    from.at('default').wrong('a text is needed here');
    return undefined;
  }
  const written = fallback === undefined ? undefined : plain(String(fallback), from.at('default'));
  const found = variable === undefined ? undefined : sources.environment[variable];
  if (found === undefined && written === undefined && !isSet) noteMissing(place, name, variable);
  return found ?? written;
}

function isText(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function plain(text: string, place: Place): string | undefined {
  if (!text.includes('${')) return text;
  place.wrong('variables do not refer to each other', 'write the whole value');
  return undefined;
}

function noteMissing(place: Place, name: string, environment?: string): void {
  const or = environment === undefined ? '' : `, set ${environment} in the environment`;
  place.wrong('has no value', `give --set ${name}=VALUE${or}, or write a default`);
  return undefined;
}

/**
 * A value with all `${NAME}` in its texts replaced, `$${` by a literal `${`; where that cannot be done, it is noted and
 * the text is left out. Names of fields are left as they are.
 */
export function substituted(value: unknown, place: Place, variables: DeclaredVariables): unknown {
  const copies = new Map<object, unknown>();
  const copy = (original: unknown, where: Place): unknown => {
    if (typeof original === 'string') return substitutedText(original, where, variables);
    if (typeof original !== 'object' || original === null) return original;
    // An alias stands for the same object as its anchor.
    if (copies.has(original)) return copies.get(original);
    const result = Array.isArray(original)
      ? original.map((item: unknown, index) => copy(item, where.at(index)))
      : Object.fromEntries(Object.entries(original).map(([key, item]) => [key, copy(item, where.at(key))]));
    copies.set(original, result);
    return result;
  };
  return copy(value, place);
}

function substitutedText(
  text: string,
  place: Place,
  { known: variables, isNoted }: DeclaredVariables,
): string | typeof noted {
  const wrong: string[] = [];
  const replaced = text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (found, name: string | undefined, end: string) => {
    if (name === undefined) return '${';
    const value = variables.get(name);
    if (value !== undefined && end !== '') return value;
    wrong.push(found);
    if (end === '') place.wrong(`no } follows ${quote(found)}`, 'a ${ that is no variable is written $${');
    else if (!variables.has(name) && !isNoted(name))
      place.wrong(`unknown variable ${quote(name)}`, known(name, variables));
    return found;
  });
  return wrong.length > 0 ? noted : replaced;
}

function known(name: string, variables: Variables): string {
  const [nearest] = nearestNames(name, variables.keys(), 1);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  const names = [...variables.keys()];
  return names.length === 0 ? 'spec.variables declares none' : `declared are ${names.join(', ')}`;
}
