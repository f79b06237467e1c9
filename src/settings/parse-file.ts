// SPDX-License-Identifier: Apache-2.0
import { CORE_SCHEMA, load, YAMLException, type State } from 'js-yaml';
import { Failure } from '../errors/failure.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import { settings, settingKeys, settingValue, type SettingKey } from './settings.js';

/** What a file says of a setting. */
interface FileEntry {
  /** As it would be written for the flag. */
  text: string;
  /** Counts from 1; undefined where it is not known. */
  line?: number | undefined;
}

export type FileEntries = ReadonlyMap<SettingKey, FileEntry>;

const keysHint = `it may have ${settingKeys.slice(0, -1).join(', ')} and ${settingKeys.at(-1) ?? ''}`;

/**
 * The settings of a file's text, all of them checked. Throws Failure `usage`, with file and line, for what is no YAML, keys
 * that are unknown (with the nearest one) or there twice, and values that the setting's flag would not take.
 */
export function parseSettings(text: string, path: string): FileEntries {
  const { value, lineOf } = parsed(text, path);
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Failure('usage', `${path}: must have keys and values, such as image: NAME`, { hint: keysHint });
  }
  return new Map(
    Object.entries(value).map(([key, content]): [SettingKey, FileEntry] => {
      const line = lineOf(key);
      const place = line === undefined ? path : `${path}:${line}`;
      const known = knownKey(key, place);
      const entry = { text: textOf(known, content, place), line };
      check(known, entry.text, place);
      return [known, entry];
    }),
  );
}

interface Parsed {
  value: unknown;
  lineOf: (key: string) => number | undefined;
}

function parsed(text: string, path: string): Parsed {
  const lines = new KeyLines();
  try {
    const value = load(text, { schema: CORE_SCHEMA, listener: (event, state) => lines.heed(event, state) });
    return { value, lineOf: (key) => lines.of(key) };
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw new Failure('usage', `${path}: neither YAML nor JSON`, { cause });
    const { mark, reason } = cause as { mark?: { line: number }; reason: string };
    if (reason.startsWith('expected a single document')) {
      throw new Failure('usage', `${path}: has more than one document`, { hint: 'leave out the lines ---', cause });
    }
    const place = mark === undefined ? path : `${path}:${mark.line + 1}`;
    const words = reason === 'duplicated mapping key' ? 'this key is there twice' : `neither YAML nor JSON: ${reason}`;
    throw new Failure('usage', `${place}: ${words}`, { cause });
  }
}

/**
 * On which lines the outermost keys stand. The parser tells of nodes only, of which keys and values take turns. What is in
 * braces it reads as if it were a key of its own.
 */
class KeyLines {
  private depth = 0;
  private keysAt: 1 | 2 = 1;
  private readonly levels = { 1: new KeyLevel(), 2: new KeyLevel() };

  heed(event: 'open' | 'close', { line, result }: State): void {
    if (event === 'close') this.depth -= 1;
    const { depth } = this;
    if (event === 'open') this.depth += 1;
    if (depth !== 1 && depth !== 2) return;
    if (event === 'open') this.levels[depth].line = line + 1;
    else if (this.levels[depth].close(result) && depth === 1 && typeof result === 'object') this.keysAt = 2;
  }

  of(key: string): number | undefined {
    return this.levels[this.keysAt].lines.get(key);
  }
}

class KeyLevel {
  line = 0;
  private isKey = false;
  readonly lines = new Map<string, number>();

  /** Whether the node that ends is a key. */
  close(result: unknown): boolean {
    this.isKey = !this.isKey;
    if (this.isKey && typeof result === 'string' && !this.lines.has(result)) this.lines.set(result, this.line);
    return this.isKey;
  }
}

function knownKey(key: string, place: string): SettingKey {
  const known = settingKeys.find((candidate) => candidate === key);
  if (known !== undefined) return known;
  // As the flag or the variable is written, it is known what is meant.
  const bare = (name: string) =>
    name
      .toLowerCase()
      .replace(/^(?:--|netmachinery_)/, '')
      .replace(/[-_]/g, '');
  const [near] = [
    ...settingKeys.filter((candidate) => bare(candidate) === bare(key)),
    ...nearestNames(key, settingKeys, 1),
  ];
  const hint = near === undefined ? keysHint : `did you mean ${near}?`;
  throw new Failure('usage', `${place}: unknown key ${quote(key)}`, { hint });
}

function textOf(key: SettingKey, content: unknown, place: string): string {
  if (typeof content === 'string') return content;
  const { isNumber, word, options } = settings[key].kind;
  if (typeof content === 'number' && isNumber) return String(content);
  if (content === null) {
    throw new Failure('usage', `${place}: ${key} has no value`, { hint: 'give it one, or leave the line out' });
  }
  const kind = Array.isArray(content) ? 'a list' : typeof content === 'object' ? 'an object' : `a ${typeof content}`;
  const wanted = options === undefined ? `a text (${word})` : `one of ${options.join(', ')}`;
  const isQuotable = options === undefined && (typeof content === 'number' || typeof content === 'boolean');
  throw new Failure(
    'usage',
    `${place}: ${key} must be ${isNumber ? `a number or ${wanted}` : wanted}, and is ${kind}`,
    {
      hint: isQuotable && !isNumber ? `if this is meant, put it in quotes: ${key}: "${content}"` : undefined,
    },
  );
}

function check(key: SettingKey, text: string, place: string): void {
  try {
    settingValue(key, text, key);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    throw new Failure(thrown.code, `${place}: ${thrown.message}`, { hint: thrown.hint });
  }
}
