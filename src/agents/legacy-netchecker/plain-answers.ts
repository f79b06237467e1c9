// SPDX-License-Identifier: Apache-2.0
import { escapedPath, type Route } from './routes.js';

/** What is sent back. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** What net/http takes a body for that begins as JSON and other texts do. */
const plain = 'text/plain; charset=utf-8';

/** A body of the seed: it says no type itself, and nothing at all of an empty body. */
export function sniffed(status: number, text: string): Answer {
  return { status, headers: text === '' ? {} : { 'content-type': plain }, text };
}

/** An error as Go's http.Error sends it. */
export function goError(status: number, text: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { ...headers, 'content-type': plain, 'x-content-type-options': 'nosniff' },
    text: `${text}\n`,
  };
}

/** What is answered to requests that no handler is for; `query` with its question mark, or empty. */
export function answerOf(method: string, route: Exclude<Route, { kind: 'handler' }>, query: string): Answer {
  switch (route.kind) {
    case 'unknown':
      return goError(404, '404 page not found');
    case 'wrongMethod':
      return goError(405, 'Method Not Allowed', { allow: route.allow });
    case 'options':
      return { status: 200, headers: { allow: route.allow }, text: '' };
    case 'redirect': {
      const location = `${escapedPath(route.path)}${query}`;
      if (method !== 'GET') return { status: route.status, headers: { location }, text: '' };
      const text = `<a href="${htmlEscaped(location)}">Moved Permanently</a>.\n\n`;
      return { status: route.status, headers: { location, 'content-type': 'text/html; charset=utf-8' }, text };
    }
  }
}

function htmlEscaped(text: string): string {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}
