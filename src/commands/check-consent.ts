// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline';
import { onceNamespace, type OncePlan } from '../check/once/once-plan.js';
import { loadText } from '../connectivity/load.js';
import { Failure } from '../errors/failure.js';
import { abortFailure } from '../kube/guard.js';
import { counted } from '../model/counted.js';
import { wrapped } from './wrapped.js';

function consentLines(plan: OncePlan): string[] {
  const { id, networks, nodes, image, pullSecrets, settings, warnings } = plan;
  const pods = counted(nodes.length, 'pod');
  const what = {
    pod: `(PodSecurity restricted) with ${pods} and a Service`,
    host: `(PodSecurity privileged) with ${pods} in the network of ${nodes.length === 1 ? 'its node' : 'their nodes'}`,
  };
  const names = pullSecrets.map(({ name }) => name).join(', ');
  return [
    'check creates these, and removes them when it is done:',
    ...networks.map((network) => `  namespace ${onceNamespace(id, network)} ${what[network]}`),
    ...(names === '' ? [] : [`  in ${networks.length === 1 ? 'it' : 'each'} a copy of Secret ${names}`]),
    `on ${counted(nodes.length, 'node')}, from image ${image}`,
    loadText(nodes.length, networks.length, settings, 'in each of 3 or 4 rounds'),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

/** Says what a check will create and cost, for people, before it does. */
export function sayPlan(plan: OncePlan): void {
  const lines = consentLines(plan).flatMap((line) => wrapped(line, process.stderr));
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** The line that is typed; undefined at the end of input. Throws Failure when the signal aborts. */
function answer(signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    // Not as a terminal: in raw mode ^C would be a character and no signal.
    const lines = createInterface({ input: process.stdin, terminal: false });
    const abort = (): void => {
      lines.close();
      reject(abortFailure(signal));
    };
    signal.addEventListener('abort', abort, { once: true });
    const end = (line: string | undefined): void => {
      signal.removeEventListener('abort', abort);
      resolve(line);
      lines.close();
    };
    lines.once('line', end);
    lines.once('close', () => end(undefined));
    if (signal.aborted) abort();
  });
}

/**
 * Says what will be created and asks whether to. Throws Failure `usage` where nobody can answer, `interrupted` where the answer is not yes.
 */
export async function obtainConsent(
  plan: OncePlan,
  { yes, signal }: { yes: boolean; signal: AbortSignal },
): Promise<void> {
  sayPlan(plan);
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new Failure('usage', 'check asks before it creates anything, and there is no terminal to ask on', {
      hint: 'give --yes; --dry-run=client -o yaml prints what it would create',
    });
  }
  process.stderr.write('Continue? [y/N] ');
  const line = await answer(signal);
  if (line === undefined) process.stderr.write('\n');
  if (/^\s*y(es)?\s*$/i.test(line ?? '')) return;
  throw new Failure('interrupted', 'nothing was created', { reason: 'Interrupted' });
}
