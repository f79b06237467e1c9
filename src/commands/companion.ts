// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { Failure } from '../errors/failure.js';
import { runsBesideShape } from '../surface/companions.js';
import { quote } from '../targets/quote.js';
import { kubernetesFlags } from './flags/kubernetes.js';
import manifest from '../../plugins-manifest/oclif.manifest.json' with { type: 'json' };

/** The flags that choose cluster and user, as words: what runs beside a shape is about the same cluster. */
function inheritedWords(flags: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(kubernetesFlags).flatMap((name) => {
    const value = flags[name] as string | number | boolean | string[] | undefined;
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    if (name === 'request-timeout') return [`--${name}=${String(value)}ms`];
    return (Array.isArray(value) ? value : [value]).map((one) => `--${name}=${one}`);
  });
}

/** The program itself: the single executable, or the bundle that Node.js runs. */
function ourselves(): string[] {
  const [, script = ''] = process.argv;
  return process.versions['bun'] === undefined ? [process.execPath, script] : [process.execPath];
}

/**
 * What runs a command of ours beside a shape and resolves with its exit code. It has a process group of its own, so that a
 * Ctrl-C at the terminal comes to it once, from us. Throws Failure `usage` for what is none of our commands.
 */
export function companionOf(
  words: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): (signal: AbortSignal) => Promise<number> {
  const [verb = '', ...rest] = words;
  if (!Object.hasOwn(manifest.commands, verb) || !runsBesideShape(verb)) {
    throw new Failure('usage', `${quote(verb)} cannot run while a shape lasts`, {
      hint: 'after -- comes a command of this plugin, such as: -- ping deploy/web svc/api',
    });
  }
  const [program = '', ...before] = ourselves();
  return (signal) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...before, verb, ...inheritedWords(flags), ...rest], {
        stdio: ['ignore', 'inherit', 'inherit'],
        detached: process.platform !== 'win32',
      });
      const stop = () => child.kill('SIGINT');
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      child.on('error', reject);
      child.on('close', (code, endedBy) => {
        signal.removeEventListener('abort', stop);
        resolve(code ?? (endedBy === null ? 3 : 130));
      });
    });
}
