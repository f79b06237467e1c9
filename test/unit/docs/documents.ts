// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that documents and their links are relative to. */
export const projectRoot = join(import.meta.dirname, '../../..');

export interface MarkdownDocument {
  /** Relative to the project: `docs/suites.md`. */
  path: string;
  text: string;
}

/** The pages that are written by hand and that users read; those of docs/commands are made from the command surface. */
export function documents(): MarkdownDocument[] {
  const pages = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'krew/README.md', ...pages.map((name) => `docs/${name}`)].map((path) => ({
    path,
    text: readFileSync(join(projectRoot, path), 'utf8'),
  }));
}

const fence = /^( *)(`{3,})[^\n]*\n([\s\S]*?)^\1\2 *$/gm;

/** What stands between fences, without them. */
export function fencedBlocks(text: string): string[] {
  return [...text.matchAll(fence)].map(([, , , block = '']) => block);
}

/** The text without its fenced blocks: what is prose, tables and headings. */
export function prose(text: string): string {
  return text.replaceAll(fence, '');
}
