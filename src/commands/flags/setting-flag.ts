// SPDX-License-Identifier: Apache-2.0
import { Flags, type Interfaces } from '@oclif/core';
import { readSettingsFile, type SettingsFile } from '../../settings/read-file.js';
import { resolveSetting } from '../../settings/resolve.js';
import {
  flagOf,
  settings,
  settingValue,
  variableOf,
  type ResolvedValue,
  type Setting,
  type SettingKey,
} from '../../settings/settings.js';

let file: Promise<SettingsFile> | undefined;

interface Words {
  helpGroup: string;
  summary: string;
  /** The command, where something else counts without a value. */
  command?: string;
}

/** Flags with it have a variable, which the manifest names. */
interface SettingMark {
  setting: SettingKey;
}

/** The variable that stands for a flag; undefined where there is none. */
export function flagVariable(flag: object): string | undefined {
  const { setting } = flag as Partial<SettingMark>;
  return setting === undefined ? undefined : variableOf(setting);
}

/**
 * The flag of a setting: without it the user's variable and file count. They are read by its default and not by the framework,
 * which would name the flag where a variable is wrong, and have it exclude other flags. No default is asked for where the
 * manifest is made, which has none of what a user has settled.
 */
export function settingFlag<Key extends SettingKey>(
  key: Key,
  { helpGroup, summary, command = '' }: Words,
): Interfaces.OptionFlag<ResolvedValue<Key>> {
  const { kind, standard: usual, standardOf, notBeside }: Setting = settings[key];
  const name = flagOf(key);
  const flag = Flags.custom<string | number>({
    parse: (text) => Promise.resolve<string | number>(settingValue(key, text, `--${name}`)),
  })({
    helpGroup,
    summary,
    ...(kind.options === undefined ? { helpValue: kind.word } : { options: kind.options }),
    default: async ({ flags }) => {
      if (notBeside !== undefined && flags[notBeside] !== undefined) return undefined;
      file ??= readSettingsFile(process.env);
      return resolveSetting(key, process.env, await file, command)?.value;
    },
    defaultHelp: () => Promise.resolve(standardOf?.[command] ?? usual),
    noCacheDefault: true,
  });
  return Object.assign(flag, { setting: key } satisfies SettingMark) as unknown as Interfaces.OptionFlag<
    ResolvedValue<Key>
  >;
}
