// SPDX-License-Identifier: Apache-2.0
import { asFailure, Failure } from '../errors/failure.js';
import type { Fields } from '../manifests/fields.js';
import { noted } from '../manifests/noted.js';
import type { EffectWords } from '../shaping/effect-words.js';
import { parseEffects } from '../shaping/parse-effects.js';
import { parsePeer } from '../shaping/parse-peer.js';
import { parseMode, type SourceMode } from '../targets/source-choice.js';
import { locatedItems, readSource } from './read-source.js';
import { readChoice, readSwitch, readWord } from './scalars.js';
import type { SuiteShape } from './suite.js';

const effectNames = [
  'delay',
  'jitter',
  'correlation',
  'distribution',
  'loss',
  'lossCorrelation',
  'duplicate',
  'duplicateCorrelation',
  'corrupt',
  'corruptCorrelation',
  'reorder',
  'reorderCorrelation',
  'gap',
  'rate',
  'limit',
  'slot',
] as const satisfies readonly (keyof EffectWords)[];

export function readMode(fields: Fields): SourceMode | undefined {
  const mode = readWord(fields, 'mode');
  return mode === undefined ? undefined : fields.at('mode').attempt(() => parseMode(mode));
}

/** `while: {shape: ...}`: the words of `shape`, which measures nothing and ends with the tests here. */
export function readWhile(fields: Fields, warnings: string[]): SuiteShape | undefined {
  const outer = fields.child('while');
  const shape = outer?.child('shape');
  if (outer !== undefined && !outer.has('shape')) outer.at('shape').wrong('is needed');
  outer?.end();
  if (shape === undefined) return undefined;
  const source = shape.has('source')
    ? readSource({ value: shape.raw('source'), place: shape.at('source') })
    : undefined;
  const { problems } = shape.place;
  const before = problems.count;
  const words = readWords(shape);
  const isNoted = problems.count > before || [...effectNames, 'partition'].some((name) => shape.raw(name) === noted);
  const direction = readChoice(shape, 'direction', ['egress', 'ingress', 'both'] as const) ?? 'egress';
  const peers = readPeers(shape);
  const mode = readMode(shape) ?? 'one';
  const beforeEnd = problems.count;
  shape.end();
  // What is wrong or misspelt may be what the others lack; but nothing goes with a partition.
  const isCertain = !isNoted && (problems.count === beforeEnd || words.partition === true);
  const effects = isCertain ? checkTogether(shape, words, warnings) : undefined;
  return effects && { ...(source && { source }), mode, effects, direction, peers };
}

/** What each says something about; alone it has no meaning. */
const bases: Partial<Record<(typeof effectNames)[number], EffectWords>> = {
  jitter: { delay: '1s' },
  correlation: { delay: '1s', jitter: '1ms' },
  distribution: { delay: '1s', jitter: '1ms' },
  lossCorrelation: { loss: '1%' },
  duplicateCorrelation: { duplicate: '1%' },
  corruptCorrelation: { corrupt: '1%' },
  reorder: { delay: '1s' },
  reorderCorrelation: { delay: '1s', reorder: '1%' },
  gap: { delay: '1s', reorder: '1%' },
  limit: { delay: '1s' },
};

/** A word that is right by itself, whatever stands beside it. */
function readEffect(shape: Fields, name: (typeof effectNames)[number]): string | undefined {
  const word = readWord(shape, name);
  if (word === undefined) return undefined;
  const parse = () => withoutFlags(() => parseEffects({ ...bases[name], [name]: word }));
  return shape.at(name).attempt(parse) && word;
}

function readWords(shape: Fields): EffectWords {
  const words: EffectWords = {};
  for (const name of effectNames) {
    const word = readEffect(shape, name);
    if (word !== undefined) words[name] = word;
  }
  if (readSwitch(shape, 'partition') === true) words.partition = true;
  return words;
}

/** Notes words that do not go together. */
function checkTogether(shape: Fields, words: EffectWords, warnings: string[]): EffectWords | undefined {
  if (Object.keys(words).length === 0) {
    shape.place.wrong('has no effect', `there are ${[...effectNames, 'partition'].join(', ')}`);
    return undefined;
  }
  const parsed = shape.place.attempt(() => withoutFlags(() => parseEffects(words)));
  warnings.push(...(parsed?.warnings.map((warning) => `${shape.place.toString()}: ${warning}`) ?? []));
  return parsed && words;
}

/** A file has no flags: its messages say `lossCorrelation` where those of the command line say `--loss-correlation`. */
function withoutFlags<T>(parse: () => T): T {
  const plain = (text: string) =>
    text.replace(/--([a-z]+)(?:-([a-z]))?/g, (_, first: string, next = '') => first + String(next).toUpperCase());
  try {
    return parse();
  } catch (thrown) {
    const { code, message, hint } = asFailure(thrown);
    throw new Failure(code, plain(message), { hint: hint && plain(hint), cause: thrown });
  }
}

function readPeers(shape: Fields): string[] {
  return locatedItems(shape, 'peers').flatMap(({ value, place }) => {
    if (value === noted) return [];
    if (typeof value === 'string') return place.attempt(() => parsePeer(value).text) ?? [];
    place.wrong('a text is needed here', 'write svc/api, 198.18.0.1 or 198.18.0.0/16');
    return [];
  });
}
