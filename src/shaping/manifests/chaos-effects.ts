// SPDX-License-Identifier: Apache-2.0
import type { Effects } from '../../model/shaping.js';
import { durationUs } from '../../manifests/duration.js';
import { quote } from '../../targets/quote.js';
import type { EffectWords } from '../parse-effects.js';
import type { Fields } from '../../manifests/fields.js';
import { targetEffects } from './target-effects.js';
import { bytesWarning, rateOfTc } from './tc-units.js';

/** What belongs to each action; `netem` takes any of its own together. */
const partsOfAction: Readonly<Record<string, readonly string[]>> = {
  delay: ['delay'],
  loss: ['loss'],
  duplicate: ['duplicate'],
  corrupt: ['corrupt'],
  rate: ['rate'],
  netem: ['delay', 'loss', 'duplicate', 'corrupt', 'rate'],
  bandwidth: ['bandwidth'],
  partition: [],
};

const readers: Readonly<Record<string, (fields: Fields, warnings: string[]) => EffectWords>> = {
  delay: readDelay,
  loss: (fields) => readChance(fields, 'loss', 'lossCorrelation'),
  duplicate: (fields) => readChance(fields, 'duplicate', 'duplicateCorrelation'),
  corrupt: (fields) => readChance(fields, 'corrupt', 'corruptCorrelation'),
  rate: (fields, warnings) => readRate(fields, warnings),
  bandwidth: readBandwidth,
};

/** `action` of a NetworkChaos, and what is to be done by it. */
export function readChaosEffects(spec: Fields, warnings: string[]): Effects | undefined {
  const action = spec.required('action');
  const parts = action === undefined || !Object.hasOwn(partsOfAction, action) ? undefined : partsOfAction[action];
  if (action !== undefined && parts === undefined) {
    spec.at('action').wrong(`unknown action ${quote(action)}`, `there are ${Object.keys(partsOfAction).join(', ')}`);
  }
  const words: EffectWords = {};
  const present: string[] = [];
  for (const [part, read] of Object.entries(readers)) {
    const fields = spec.child(part);
    if (fields === undefined) continue;
    present.push(part);
    if (parts !== undefined && !parts.includes(part)) {
      spec.at(part).wrong(`is no part of action ${action ?? ''}`, 'leave it out; action netem takes several effects');
    }
    Object.assign(words, read(fields, warnings));
    fields.end();
  }
  if (parts === undefined) return undefined;
  if (action === 'partition') return { partition: true };
  if (present.length === 0) {
    spec
      .at(parts.length === 1 ? (parts[0] ?? '') : 'action')
      .wrong(`action ${action ?? ''} needs ${parts.join(' or ')}`);
    return undefined;
  }
  return targetEffects(words, spec.place, warnings);
}

/** A percentage with or without its sign; 0, which Chaos Mesh writes for "none", is absent. */
function percent(fields: Fields, name: string): string | undefined {
  const text = fields.text(name);
  return text === undefined || text === '' || Number(text.replace(/%$/, '')) === 0 ? undefined : text;
}

function readChance(fields: Fields, name: keyof EffectWords, correlationName: keyof EffectWords): EffectWords {
  const chance = fields.required(name);
  const correlation = percent(fields, 'correlation');
  return {
    ...(chance === undefined ? {} : { [name]: chance }),
    ...(correlation === undefined ? {} : { [correlationName]: correlation }),
  };
}

/** A Go duration as a time of ours; absent where it is 0. */
function time(fields: Fields, name: string, text: string | undefined): string | undefined {
  const us = text === undefined || text === '' ? 0 : fields.at(name).attempt(() => durationUs(text));
  return us === undefined || us === 0 ? undefined : `${us}us`;
}

function readDelay(fields: Fields, warnings: string[]): EffectWords {
  const delay = time(fields, 'latency', fields.required('latency'));
  const jitter = time(fields, 'jitter', fields.text('jitter'));
  const correlation = percent(fields, 'correlation');
  if (correlation !== undefined && jitter === undefined) {
    warnings.push(
      `${fields.at('correlation').toString()}: ignored, as Chaos Mesh does: it is the jitter's, and there is none`,
    );
  }
  const reorder = fields.child('reorder');
  const words = {
    ...(delay === undefined ? {} : { delay }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(correlation === undefined || jitter === undefined ? {} : { correlation }),
  };
  return reorder === undefined ? words : { ...words, ...readReorder(reorder) };
}

function readReorder(fields: Fields): EffectWords {
  const words = readChance(fields, 'reorder', 'reorderCorrelation');
  const gap = fields.wholeNumber('gap', 0) ?? 0;
  fields.end();
  return gap === 0 ? words : { ...words, gap: String(gap) };
}

/** Chaos Mesh hands rates to tc: `mbps` is megabytes a second (its documentation: "bps means bytes per second"). */
function readRate(fields: Fields, warnings: string[]): EffectWords {
  const written = fields.required('rate');
  const rate =
    written === undefined ? undefined : fields.at('rate').attempt(() => rateOfTc(written.replace(/\s/g, '')));
  if (written === undefined || rate === undefined) return {};
  if (rate.isBytes) warnings.push(`${fields.at('rate').toString()}: ${bytesWarning(written, rate.word)}`);
  return { rate: rate.word };
}

/** The sizes of tbf's queue and bucket are obligatory there, so that every manifest has some; a second bucket is a wish. */
function readBandwidth(fields: Fields, warnings: string[]): EffectWords {
  const limit = fields.wholeNumber('limit', 1);
  const buffer = fields.wholeNumber('buffer', 1);
  if (limit !== undefined || buffer !== undefined) {
    warnings.push(
      `${fields.place.toString()}: limit and buffer are ignored: queue and bursts are sized by the rate here`,
    );
  }
  fields.refuse('peakrate', 'a peak rate is not done', 'leave it out: packets leave at the rate');
  fields.refuse('minburst', 'the bucket of a peak rate is not done', 'leave it out');
  return readRate(fields, warnings);
}
