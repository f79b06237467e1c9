// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { plainText } from '../plain-text.js';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text of anybody's as text or attribute value of HTML: one line, nothing invisible, nothing that is markup. */
export function html(text: string | number): string {
  return plainText(`${text}`).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A value as the content of a script element that holds data: JSON in which no tag can begin or end. */
export function jsonForScript(value: unknown): string {
  const plain = JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? plainText(each) : each));
  return plain.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

/** A source of Content Security Policy level 2 that allows exactly this text. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** What a page begins with, as far as its body: it may load nothing, and run and use only the given script and style. */
export function pageHead({ title, style, script }: { title: string; style: string; script?: string }): string {
  const scripts = script === undefined ? '' : ` script-src ${hashSource(script)};`;
  const policy = `default-src 'none'; img-src data:; style-src ${hashSource(style)};${scripts} base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
`;
}
