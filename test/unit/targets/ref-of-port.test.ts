// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { refOfPort } from '../../../src/targets/destination.js';

it.each([
  ['pod/x:80', [80], 'pod/x:80'],
  ['pod/x:80,81', [80, 81], 'pod/x:81'],
  ['[2001:2::1]:80,81', [80, 81], '[2001:2::1]:81'],
  ['pods with app in (web)', [80, 81], 'pods with app in (web):81'],
])('%s has ports of its own: %j', (text, ports, ref) => {
  expect(refOfPort({ text, ports }, ports.at(-1) ?? 0)).toBe(ref);
});
