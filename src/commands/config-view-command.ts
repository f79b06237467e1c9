// SPDX-License-Identifier: Apache-2.0
import { columnLines, squeezeColumns, type Column } from '../report/columns.js';
import { plainText } from '../report/plain-text.js';
import { readSettingsFile, type SettingsFile } from '../settings/read-file.js';
import { resolveSetting, type Origin } from '../settings/resolve.js';
import { flagOf, settings, settingKeys, variableOf, type Setting, type SettingKey } from '../settings/settings.js';
import { unknownVariables } from '../settings/unknown-variables.js';
import { objectText } from './object-text.js';
import { terminalOf } from './terminal.js';

/** The flags of `config view`, as they were parsed. */
export interface ConfigViewFlags {
  output: string;
  'no-headers': boolean;
}

/** A setting as `-o json` has it. */
interface SettingView {
  name: SettingKey;
  /** As it was written, but numbers; absent where there is none. */
  value?: string | number;
  /** Commands that have another default than the rest, where the default counts. */
  valueOf?: Record<string, string | number>;
  from: Origin['from'];
  /** Where the file has it. */
  line?: number | undefined;
  flag: string;
  variable: string;
}

/** As it was written; a duration without a unit is in seconds. */
function shown(key: SettingKey, text: string): string | number {
  const { word } = settings[key].kind;
  if (word === 'N') return Number(text);
  return word === 'DURATION' && /\d$/.test(text) ? `${text}s` : text;
}

function viewOf(key: SettingKey, file: SettingsFile): SettingView {
  const resolved = resolveSetting(key, process.env, file);
  const { standardOf = {} }: Setting = settings[key];
  const { from } = resolved?.origin ?? { from: 'default' as const };
  const others = Object.entries(standardOf).map(([command, text]) => [command, shown(key, text)] as const);
  return {
    name: key,
    ...(resolved === undefined ? {} : { value: shown(key, resolved.text) }),
    ...(from === 'default' && others.length > 0 ? { valueOf: Object.fromEntries(others) } : {}),
    from,
    ...(resolved?.origin.from === 'file' ? { line: resolved.origin.line } : {}),
    flag: `--${flagOf(key)}`,
    variable: variableOf(key),
  };
}

function valueText({ name, value, valueOf = {} }: SettingView): string {
  const { unset = '<none>' }: Setting = settings[name];
  const others = Object.entries(valueOf).map(([command, own]) => `${command}: ${own}`);
  const text = value === undefined ? unset : plainText(String(value)) || '<none>';
  return others.length === 0 ? text : `${text} (${others.join(', ')})`;
}

function originText({ from, line, variable }: SettingView, { path }: SettingsFile): string {
  if (from === 'default') return 'default';
  if (from === 'environment') return `environment ${variable}`;
  return `file ${plainText(path)}${line === undefined ? '' : `:${line}`}`;
}

function table(views: readonly SettingView[], file: SettingsFile, headers: boolean): string {
  const column = (header: string, cells: readonly string[]): Column => ({ header: [header], cells });
  const columns = [
    column(
      'SETTING',
      views.map(({ name }) => name),
    ),
    column('VALUE', views.map(valueText)),
    column(
      'FROM',
      views.map((view) => originText(view, file)),
    ),
  ];
  const lines = columnLines(squeezeColumns(columns, terminalOf(process.stdout).width), headers);
  if (headers) lines.push('', `file: ${plainText(file.path)}${file.isThere ? '' : ' (there is none)'}`);
  return lines.map((line) => `${line}\n`).join('');
}

function warnings(): string {
  return unknownVariables(process.env)
    .map(({ variable, nearest }) => {
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return `Warning: ${plainText(variable)} is not a variable of kubectl netmachinery${hint}\n`;
    })
    .join('');
}

/** `config view`: every setting, its value and where that comes from. Throws Failure `usage` for a file or variable that is wrong. */
export async function configViewCommand(flags: ConfigViewFlags): Promise<void> {
  const file = await readSettingsFile(process.env);
  const views = settingKeys.map((key) => viewOf(key, file));
  process.stderr.write(warnings());
  process.stdout.write(
    flags.output === 'table'
      ? table(views, file, !flags['no-headers'])
      : await objectText({ file: { path: file.path, isThere: file.isThere }, settings: views }, flags.output),
  );
}
