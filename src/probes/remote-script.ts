// SPDX-License-Identifier: Apache-2.0

/**
 * A remote script without its comments and indentation: the command of an exec travels in the URL of the request, and
 * proxies before an API server bound its length. Scripts hold no here-documents and no strings over several lines.
 */
export function compactScript(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}

/** What find-tool.sh found out about a tool that is there. */
export function unrunnable(tool: string): string {
  return `${tool} is in the image but cannot be executed: its file has capabilities that the container may not have`;
}
