// SPDX-License-Identifier: Apache-2.0
import { quote } from '../../targets/quote.js';
import type { Fields } from '../../manifests/fields.js';

/** The name of a network interface (at most 15 bytes, dev_valid_name in the kernel); nothing that a tool could take for a flag. */
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;

/** A field that names an interface; an empty one is absent. */
export function interfaceName(fields: Fields, name: string): string | undefined {
  const text = fields.text(name);
  if (text === undefined || text === '') return undefined;
  if (!namePattern.test(text)) fields.at(name).wrong(`${quote(text)} can not be the name of an interface`);
  return text;
}
