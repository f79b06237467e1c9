// SPDX-License-Identifier: Apache-2.0

/** A line `@name rest` of a script of ours, and the lines below it until the next. */
export interface Section {
  name: string;
  /** What follows the name in its line; may be empty. */
  rest: string;
  text: string;
}

/** Splits what the scripts of src/shaping/remote print; lines before the first section belong to none. */
export function parseSections(output: string): Section[] {
  const sections: { name: string; rest: string; lines: string[] }[] = [];
  for (const line of output.split('\n')) {
    const marker = /^@([a-zA-Z0-9]+)(?: (.*))?$/.exec(line);
    if (marker !== null) sections.push({ name: marker[1] ?? '', rest: (marker[2] ?? '').trim(), lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ name, rest, lines }) => ({ name, rest, text: lines.join('\n').trim() }));
}

/** What comes after the name in the line of the first section of that name. */
export function restOf(sections: readonly Section[], name: string): string | undefined {
  return sections.find((section) => section.name === name)?.rest;
}
