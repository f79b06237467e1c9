// SPDX-License-Identifier: Apache-2.0

/**
 * A URL with its password replaced the way Go shows it (net/url, Redacted). Nothing behind its host is looked at: a path
 * may hold an `@`.
 */
export function redactedUrl(url: string): string {
  return url.replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/|)([^/@:]*):[^/]*@/i, '$1$2:xxxxx@');
}

/** What was meant as a URL and is none: everything that may be a password is replaced, whatever signs are in it. */
export function redactedText(text: string): string {
  return text.replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/|)([^:]*):.*@/is, '$1$2:xxxxx@');
}
