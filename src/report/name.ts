// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.js';
import { plainText } from './plain-text.js';

/** `-o name`: the source pods, each once, as kubectl prints names (no namespace). */
export function renderName({ results }: Report): string {
  const names = new Set(results.map(({ source }) => `pod/${plainText(source.pod)}`));
  return [...names].map((name) => `${name}\n`).join('');
}
