// SPDX-License-Identifier: Apache-2.0
import { Composer, Lexer, LineCounter, Parser, type Document, type YAMLParseError, type YAMLWarning } from 'yaml';
import { repairAliases, type Fault } from './aliases.js';
import { leaveOneOfKeys } from './keys-twice.js';
import { locator, type Locate, type Position } from './positions.js';

/** One document of a text as plain values, `noted` where they are not known, and where they stand. */
export interface YamlDocument {
  value: unknown;
  locate: Locate;
}

/** What is no YAML. */
export interface YamlFault extends Position {
  text: string;
  hint?: string | undefined;
}

/** Deeper than any manifest; what reads a document goes down by calls. */
const maxDepth = 200;

/** YAML 1.2 whose scalars are those of JSON, as kubectl reads it: a date stays a text. `<<` merges; keys are texts. */
const options = {
  schema: 'core',
  merge: true,
  stringKeys: true,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/**
 * The documents of a text in YAML or JSON. A document that cannot be parsed is none: the first fault of it is told, as the
 * others mostly follow from it. Keys that are there twice and aliases of nothing are told, and the rest is read.
 */
export function parseYaml(text: string): { documents: YamlDocument[]; faults: YamlFault[] } {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const parsed = compose(text, lines);
  if (typeof parsed === 'number') {
    return { documents: [], faults: [{ ...at(parsed), text: `nested deeper than ${maxDepth} levels` }] };
  }
  const faults: YamlFault[] = [];
  const documents = parsed.flatMap((document): YamlDocument[] => {
    const read = readable(document);
    faults.push(...read.faults.map(({ offset, ...words }) => ({ ...at(offset), ...words })));
    if (!read.isReadable) return [];
    return [{ value: document.toJS({ maxAliasCount: -1 }), locate: locator(document, lines) }];
  });
  return { documents, faults };
}

/** The offset of what is nested too deeply, instead of documents. */
function compose(text: string, lines: LineCounter): Document.Parsed[] | number {
  const parser = new Parser(lines.addNewLine);
  // As Parser.parse does, which cannot be stopped on the way.
  lines.addNewLine(0);
  const tokens = [];
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxDepth) return Math.min(offset, text.length);
    offset = parser.offset;
  }
  tokens.push(...parser.end());
  return [...new Composer(options).compose(tokens)];
}

/** What is wrong with a document, which is repaired as far as that can be done. */
function readable(document: Document.Parsed): { faults: Fault[]; isReadable: boolean } {
  const found = [...document.errors, ...document.warnings];
  const twice = found.filter(({ code }) => code === 'DUPLICATE_KEY').map(faultOf);
  const others = found.filter(({ code }) => code !== 'DUPLICATE_KEY').map(faultOf);
  if (others.length > 0) return { faults: [...twice, ...others.slice(0, 1)], isReadable: false };
  const lost = twice.length === 0 ? new Set<string>() : leaveOneOfKeys(document);
  const { faults, isReadable } = repairAliases(document, lost);
  return { faults: [...twice, ...faults], isReadable };
}

/** Words for what people get wrong; the rest is the library's own. */
const words: Partial<Record<YAMLParseError['code'], { text: string; hint?: string }>> = {
  DUPLICATE_KEY: { text: 'this key is there twice', hint: 'leave one of them out' },
  TAB_AS_INDENT: { text: 'a tab cannot indent', hint: 'use spaces' },
  BLOCK_AS_IMPLICIT_KEY: {
    text: 'a colon makes a key within this value',
    hint: 'put the value in quotes, or indent the next line as this one',
  },
  MULTILINE_IMPLICIT_KEY: { text: 'a key that goes over several lines', hint: 'is a colon missing?' },
  NON_STRING_KEY: { text: 'a key must be a text' },
  MULTIPLE_DOCS: { text: 'text behind the end of a document', hint: 'documents are separated by ---' },
};

function faultOf({ code, message, pos }: YAMLParseError | YAMLWarning): Fault {
  const [sentence = ''] = message.split('\n');
  const known = words[code];
  if (code === 'TAG_RESOLVE_FAILED') {
    return { offset: pos[0], text: 'a tag that is not taken', hint: 'texts, numbers, true, false and null need none' };
  }
  if (code === 'BAD_INDENT' && sentence.startsWith('All ')) {
    return { offset: pos[0], text: 'indented otherwise than what stands beside it', hint: 'use the same column' };
  }
  if (code === 'BAD_SCALAR_START') {
    return { offset: pos[0], text: `a text cannot begin with ${sentence.slice(-1)}`, hint: 'put it in quotes' };
  }
  if (sentence.includes('between flow sequence items')) {
    return { offset: pos[0], text: 'a comma is missing in this list', hint: 'put texts with {, } or : in quotes' };
  }
  return { offset: pos[0], ...(known ?? { text: `neither YAML nor JSON: ${sentence}` }) };
}
