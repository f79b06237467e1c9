// SPDX-License-Identifier: Apache-2.0

/** An object as `-o json` or `-o yaml` prints it. */
export async function objectText(value: object, format: string): Promise<string> {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return (await import('js-yaml')).dump(value, { lineWidth: -1, noRefs: true, skipInvalid: true });
}
