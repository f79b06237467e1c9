// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { EffectWords } from '../../../src/shaping/parse-effects.js';
import type { Scope } from '../../../src/shaping/scope.js';

const decimals = (min: number, max: number, digits: number) =>
  fc.integer({ min: Math.ceil(min * 10 ** digits), max: max * 10 ** digits }).map((n) => n / 10 ** digits);

const percent = fc
  .tuple(fc.oneof(decimals(0.0001, 100, 4), fc.integer({ min: 1, max: 100 })), fc.constantFrom('', '%'))
  .map(([number, unit]) => `${number}${unit}`);
const time = fc.oneof(
  decimals(0.001, 5000, 3).map(String),
  fc.integer({ min: 1, max: 5_000_000 }).map((n) => `${n}us`),
  decimals(0.01, 240, 2).map((n) => `${n}s`),
  fc.integer({ min: 1, max: 2000 }).map((n) => `${n}ms`),
);
/** netem's own limit is 2.147483647 s. */
const jitter = fc.oneof(
  fc.integer({ min: 1, max: 2_147_483 }).map((n) => `${n}us`),
  decimals(0.001, 2147, 3).map(String),
);
const rate = fc.oneof(
  fc.integer({ min: 8, max: 5000 }).map((n) => `${n}kbit`),
  decimals(0.1, 1000, 1).map((n) => `${n}mbit`),
  fc.constantFrom('1gbit', '2.5gbit', '32gbit', '512Kibit', '1mibit', '8001bit', '1Mbit'),
);
const withCorrelation = <T extends string>(name: T) =>
  fc.tuple(percent, fc.option(percent, { nil: undefined })).map(([chance, correlation]) => ({
    [name]: chance,
    ...(correlation === undefined ? {} : { [`${name}Correlation`]: correlation }),
  }));

const delay = fc
  .record({
    delay: time,
    jitter: fc.option(jitter, { nil: undefined }),
    correlation: fc.option(percent, { nil: undefined }),
    distribution: fc.option(fc.constantFrom('normal', 'pareto', 'paretonormal', 'uniform'), { nil: undefined }),
    reorder: fc.option(percent, { nil: undefined }),
    reorderCorrelation: fc.option(percent, { nil: undefined }),
    gap: fc.option(fc.integer({ min: 1, max: 50 }).map(String), { nil: undefined }),
  })
  .map(({ jitter, correlation, distribution, reorder, reorderCorrelation, gap, ...rest }) => ({
    ...rest,
    ...(jitter === undefined ? {} : { jitter, correlation, distribution }),
    ...(reorder === undefined ? {} : { reorder, reorderCorrelation, gap }),
  }));

const burstModels = fc.oneof(
  fc.array(percent, { minLength: 1, maxLength: 4 }).map((numbers) => `gemodel:${numbers.join(',')}`),
  fc
    .tuple(decimals(0.0001, 50, 4), decimals(0, 50, 4), decimals(0, 50, 4), decimals(0, 100, 4), decimals(0, 50, 4))
    .chain((numbers) => fc.integer({ min: 1, max: 5 }).map((count) => `state:${numbers.slice(0, count).join(',')}`)),
);
const slot = fc
  .record({
    min: fc.integer({ min: 1, max: 500 }),
    more: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
    packets: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    bytes: fc.option(fc.integer({ min: 1, max: 1e6 }), { nil: undefined }),
  })
  .map(({ min, more, packets, bytes }) =>
    [
      `${min}ms${more === undefined ? '' : `-${min + more}ms`}`,
      ...(packets === undefined ? [] : [`packets=${packets}`]),
      ...(bytes === undefined ? [] : [`bytes=${bytes}`]),
    ].join(','),
  );

const none = fc.constant({});
const maybe = (effect: fc.Arbitrary<EffectWords>) => fc.oneof({ weight: 2, arbitrary: none }, effect);

/** What users may ask for and get. */
export const acceptedWords: fc.Arbitrary<EffectWords> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<EffectWords>({ partition: true }) },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        fc.oneof({ weight: 2, arbitrary: delay }, none),
        maybe(
          fc.oneof(
            withCorrelation('loss'),
            burstModels.map((loss) => ({ loss })),
          ),
        ),
        maybe(withCorrelation('duplicate')),
        maybe(withCorrelation('corrupt')),
        maybe(rate.map((word) => ({ rate: word }))),
        maybe(slot.map((word) => ({ slot: word }))),
        fc.option(fc.integer({ min: 1, max: 100_000 }).map(String), { nil: undefined }),
      )
      .map((parts) => {
        const limit = parts.pop() as string | undefined;
        const words: EffectWords = Object.assign({}, ...(parts as EffectWords[])) as EffectWords;
        const waits = words.delay !== undefined || words.rate !== undefined || words.slot !== undefined;
        if (Object.keys(words).length === 0) return { delay: '1ms' };
        return waits && limit !== undefined ? { ...words, limit } : words;
      }),
  },
);

/** Those that a kernel without netem can do. */
export const wordsWithoutNetem: fc.Arbitrary<EffectWords> = fc.oneof(
  fc.constant<EffectWords>({ partition: true }),
  fc.record({ rate }),
  fc.record({ loss: percent }),
  fc.record({ rate, loss: percent }),
);

const cidr = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
  fc.ipV4(),
  fc.ipV6(),
);
const ports = fc.array(fc.integer({ min: 1, max: 65_535 }), { maxLength: 2 });
const networks = fc.array(cidr, { maxLength: 3 });

export const scopes: fc.Arbitrary<Scope> = fc
  .record({
    peers: networks,
    excluded: networks,
    exempt: networks,
    ports,
    sourcePorts: ports,
    destinationPorts: ports,
    protocol: fc.option(fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const), { nil: undefined }),
  })
  .map(({ protocol, ...scope }) =>
    protocol === 'icmp'
      ? { ...scope, protocol, ports: [], sourcePorts: [], destinationPorts: [] }
      : {
          ...scope,
          // A port of either side leaves room only where one side is open.
          sourcePorts: scope.ports.length > 0 && scope.destinationPorts.length > 0 ? [] : scope.sourcePorts,
          ...(protocol === undefined ? {} : { protocol }),
        },
  );

export const directions = fc.constantFrom('egress' as const, 'ingress' as const, 'both' as const);
