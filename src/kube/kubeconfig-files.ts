// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { Failure } from '../errors/failure.js';
import { mergeKubeconfigs, type Kubeconfig, type KubeconfigCluster, type KubeconfigUser } from './kubeconfig.js';

interface NamedEntry {
  name?: unknown;
  [section: string]: unknown;
}

function entries<T>(list: unknown, section: string, path: string): Map<string, T> {
  if (list === undefined || list === null) return new Map();
  if (!Array.isArray(list)) throw new Failure('usage', `error loading config file "${path}": ${section}s is no list`);
  const found = new Map<string, T>();
  for (const entry of list as NamedEntry[]) {
    const name = typeof entry.name === 'string' ? entry.name : String(entry.name);
    if (!found.has(name)) found.set(name, (entry[section] ?? {}) as T);
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

/** A kubeconfig's text; `path` is for messages and relative paths. Throws Failure `usage`. */
function parseKubeconfig(text: string, path: string): Kubeconfig {
  let document: unknown;
  try {
    document = load(text, { schema: CORE_SCHEMA });
  } catch (thrown) {
    const words = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
    throw new Failure('usage', `error loading config file "${path}": yaml: ${words}`, { cause: thrown });
  }
  if (document === undefined || document === null) document = {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new Failure('usage', `error loading config file "${path}": not a kubeconfig`);
  }
  const fields = document as Record<string, unknown>;
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

function readKubeconfig(path: string, mustExist: boolean): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    if (missing && !mustExist) return undefined;
    const words = missing ? 'no such file or directory' : (thrown as Error).message;
    throw new Failure('usage', missing ? `stat ${path}: ${words}` : `error loading config file "${path}": ${words}`, {
      cause: thrown,
    });
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
