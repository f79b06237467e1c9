// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../../errors/failure.js';
import { httpUrl } from '../../targets/http-words.js';
import { hostName, isDnsSubdomain } from '../../targets/names.js';
import { quote } from '../../targets/quote.js';

const namePart = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?`;
/** Keys and values of labels and taints as Kubernetes takes them ("Labels and Selectors", "Syntax and character set"). */
const keyPattern = new RegExp(String.raw`^(?:[a-z0-9][-a-z0-9.]{0,251}[a-z0-9]/|[a-z0-9]/)?${namePart}$`);
const valuePattern = new RegExp(`^(?:${namePart})?$`);

function invalid(flag: string, word: string, why: string, hint?: string): Failure {
  return new Failure('usage', `invalid value ${quote(word)} for --${flag}: ${why}`, { hint });
}

/** The labels of one --node-selector: `KEY=VALUE`, joined by commas. Throws Failure `usage`. */
export function checkNodeLabel(text: string): [key: string, value: string][] {
  return text.split(',').map((term) => {
    const [, key = '', value = ''] = /^([^=!]+)==?([^=]*)$/.exec(term.trim()) ?? [];
    if (!keyPattern.test(key) || !valuePattern.test(value)) {
      throw invalid('node-selector', text, 'must be KEY=VALUE', 'the agents get it as their nodeSelector');
    }
    return [key, value];
  });
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** One --toleration as Kubernetes has it: `KEY[=VALUE][:EFFECT]`. Throws Failure `usage`. */
export function checkToleration(word: string): object {
  const [, key = '', value, effect] = /^([^=:]+)(?:=([^=:]*))?(?::([^=:]*))?$/.exec(word) ?? [];
  if (!keyPattern.test(key) || !valuePattern.test(value ?? '')) {
    throw invalid('toleration', word, 'must be KEY[=VALUE][:EFFECT]', 'as taints are written: dedicated=db:NoSchedule');
  }
  if (effect !== undefined && !effects.includes(effect)) {
    throw invalid('toleration', word, `the effect must be one of ${effects.join(', ')}`);
  }
  return {
    key,
    ...(value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value }),
    ...(effect === undefined ? {} : { effect }),
  };
}

/** The name that DNS servers are asked for, without an ending dot. Throws Failure `usage`. */
export function externalNameOf(word: string): string {
  const host = hostName(word);
  if (host === undefined) throw invalid('external-name', word, 'it is no host name');
  return host.replace(/\.$/, '');
}

/** One --url. Throws Failure `usage`. */
export function extraUrl(word: string): string {
  const url = httpUrl(word);
  if (url === undefined) throw invalid('url', word, 'it is no URL', 'write http://NAME/PATH or https://NAME/PATH');
  return url.href;
}

/** One --image-pull-secret. Throws Failure `usage`. */
export function checkImagePullSecret(word: string): string {
  if (!isDnsSubdomain(word)) throw invalid('image-pull-secret', word, 'it is no name of a Secret');
  return word;
}
