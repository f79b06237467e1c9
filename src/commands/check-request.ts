// SPDX-License-Identifier: Apache-2.0
import type { OnceRequest } from '../check/once/once-plan.js';
import { Failure } from '../errors/failure.js';
import { isDnsSubdomain } from '../targets/names.js';
import { quote } from '../targets/quote.js';
import { checkWords, type CheckFlags } from './flags/check.js';

/** One --image-pull-secret of a one-shot check, whose namespaces are not there yet. Throws Failure `usage`. */
function secretOf(word: string): { namespace: string; name: string } {
  const [namespace = '', name = '', ...more] = word.split('/');
  if (more.length > 0 || !isDnsSubdomain(namespace) || !isDnsSubdomain(name)) {
    throw new Failure('usage', `invalid value ${quote(word)} for --image-pull-secret: must be NAMESPACE/NAME`, {
      hint: 'where the Secret is now; a copy of it goes into the namespaces of the check',
    });
  }
  return { namespace, name };
}

/** The flags of `check` as what they ask for. Throws Failure `usage`. */
export function onceRequest(flags: CheckFlags & { timeout: number }): OnceRequest {
  const { selection, settings, networks, image } = checkWords({ ...flags, 'image-pull-secret': undefined });
  const pullSecrets = (flags['image-pull-secret'] ?? []).map(secretOf);
  const twice = pullSecrets.find(({ name }, index) => pullSecrets.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) {
    throw new Failure('usage', `--image-pull-secret: two Secrets cannot both be copied as ${quote(twice.name)}`);
  }
  return { selection, settings, networks, image, pullSecrets, timeoutMs: flags.timeout };
}
