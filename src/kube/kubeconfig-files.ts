// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { Failure } from '../errors/failure.js';
import { mergeKubeconfigs, type Kubeconfig, type KubeconfigCluster, type KubeconfigUser } from './kubeconfig.js';

interface NamedEntry {
  name?: unknown;
  [section: string]: unknown;
}

function bad(path: string, words: string, cause?: unknown): Failure {
  return new Failure('usage', `error loading config file "${path}": ${words}`, { cause });
}

/** Fields that are used as text. A number or a list in their place would only be noticed later, as something else. */
const textFields = [
  ...['server', 'tls-server-name', 'certificate-authority', 'certificate-authority-data', 'proxy-url'],
  ...['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'tokenFile'],
  ...['username', 'password', 'as', 'as-uid', 'cluster', 'user', 'namespace'],
];

/** One section of a file. Names have to be unique in it, as kubectl demands; values are never quoted: they are secret. */
function entries<T>(list: unknown, section: string, path: string): Map<string, T> {
  if (list === undefined || list === null) return new Map();
  if (!Array.isArray(list)) throw bad(path, `${section}s is not a list`);
  const found = new Map<string, T>();
  for (const item of list as (NamedEntry | null)[]) {
    if (item === null || typeof item !== 'object') throw bad(path, `an entry of ${section}s has no name`);
    const name = String(item.name);
    const entry = item[section] ?? {};
    if (typeof entry !== 'object') throw bad(path, `${section} "${name}" has no fields`);
    if (found.has(name)) throw bad(path, `duplicate name "${name}" in ${section}s`);
    const fields = entry as Record<string, unknown>;
    const wrong = textFields.find((field) => fields[field] != null && typeof fields[field] !== 'string');
    if (wrong !== undefined) throw bad(path, `${wrong} of ${section} "${name}" is not a string`);
    found.set(name, entry as T);
  }
  return found;
}

function absolute<T extends object>(entry: T, keys: (keyof T)[], directory: string): void {
  for (const key of keys) {
    const path = entry[key];
    if (typeof path === 'string' && path !== '') entry[key] = resolve(directory, path) as T[typeof key];
  }
}

function absolutePaths(config: Kubeconfig, directory: string): Kubeconfig {
  for (const cluster of config.clusters.values()) {
    absolute<KubeconfigCluster>(cluster, ['certificate-authority'], directory);
  }
  for (const user of config.users.values()) {
    absolute<KubeconfigUser>(user, ['client-certificate', 'client-key', 'tokenFile'], directory);
    // A bare command name is looked up in PATH; one with a separator is relative to the file (client-go, loader.go).
    if (user.exec?.command !== undefined && /[/\\]/.test(user.exec.command) && !isAbsolute(user.exec.command)) {
      user.exec.command = resolve(directory, user.exec.command);
    }
  }
  return config;
}

/** The parser's words with the line, without the text around it, which may be a secret. */
function yamlWords(thrown: unknown): string {
  if (thrown instanceof YAMLException) return `line ${thrown.mark.line + 1}: ${thrown.reason}`;
  return thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
}

/** A kubeconfig's text; `path` is for messages and relative paths. Throws Failure `usage`. */
function parseKubeconfig(text: string, path: string): Kubeconfig {
  let document: unknown;
  try {
    document = load(text, { schema: CORE_SCHEMA });
  } catch (thrown) {
    throw bad(path, `yaml: ${yamlWords(thrown)}`, thrown);
  }
  if (document === undefined || document === null) document = {};
  if (typeof document !== 'object' || Array.isArray(document)) throw bad(path, 'not a kubeconfig');
  const fields = document as Record<string, unknown>;
  const kind = fields['kind'] ?? 'Config';
  if (kind !== 'Config') throw bad(path, `no kubeconfig: its kind is ${JSON.stringify(kind)}`);
  const current = fields['current-context'];
  return absolutePaths(
    {
      currentContext: typeof current === 'string' ? current : '',
      clusters: entries(fields['clusters'], 'cluster', path),
      users: entries(fields['users'], 'user', path),
      contexts: entries(fields['contexts'], 'context', path),
    },
    dirname(resolve(path)),
  );
}

/** Why a file that is there cannot be read, in Go's words. */
const unreadable: Record<string, (path: string) => string> = {
  EISDIR: (path) => `read ${path}: is a directory`,
  ENOTDIR: (path) => `open ${path}: not a directory`,
  EACCES: (path) => `open ${path}: permission denied`,
};

function readKubeconfig(path: string, mustExist: boolean): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    const missing = code === 'ENOENT';
    if (missing && !mustExist) return undefined;
    if (missing) throw new Failure('usage', `stat ${path}: no such file or directory`, { cause: thrown });
    throw bad(path, unreadable[code]?.(path) ?? message, thrown);
  }
  return parseKubeconfig(text, path);
}

/**
 * The kubeconfig that kubectl would use: the file given, else the files of KUBECONFIG (missing ones are skipped), else
 * `~/.kube/config` if it is there. Throws Failure `usage` in kubectl's words.
 */
export function loadKubeconfig(path: string | undefined, environment: NodeJS.ProcessEnv): Kubeconfig {
  if (path !== undefined && path !== '')
    return mergeKubeconfigs([readKubeconfig(path, true)].filter((f) => f !== undefined));
  const listed = [...new Set((environment['KUBECONFIG'] ?? '').split(delimiter).filter((name) => name !== ''))];
  const paths = listed.length > 0 ? listed : [join(environment['HOME'] ?? homedir(), '.kube', 'config')];
  return mergeKubeconfigs(paths.map((name) => readKubeconfig(name, false)).filter((file) => file !== undefined));
}
