// SPDX-License-Identifier: Apache-2.0
import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { parseDestination } from '../../../src/targets/destination-grammar.js';
import type { DestinationRef, SourceSpec, TargetVerb } from '../../../src/targets/refs.js';
import { parseTargets, type TargetArguments } from '../../../src/targets/target-arguments.js';

const spellings = [
  'pod',
  'po',
  'deploy',
  'deployments.apps',
  'sts',
  'ds',
  'rs',
  'job',
  'cj',
  'svc',
  'Service',
  'no',
  'host',
  'ip',
  'x',
];
const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/);
const port = fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.stringMatching(/^[a-z]([a-z0-9]{0,6}-[a-z0-9]{1,6})?$/));
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.stringMatching(/^[-a-z0-9./:[\]$`;&|<>(){}'"\\ %_*?~#!=,\n]{0,24}$/),
  fc
    .array(
      fc.oneof(
        name,
        fc.constantFrom('-', '--', '-n', '/', ':', '.', '[', ']', '::', '%', ',', ' ', '$', '0', ...spellings),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);
/** What inet_ntop prints without dotted decimals, which only it uses for the oldest embedded forms. */
const inet6 = fc.ipV6().filter((address) => !new SocketAddress({ address, family: 'ipv6' }).address.includes('.'));
const verb = fc.constantFrom<TargetVerb>('ping', 'connect');

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe('usage');
    expect(`${(error as Failure).message}${(error as Failure).hint}`).not.toMatch(/\p{Cc}/u);
    return undefined;
  }
}

/** Every string that could become an argument of a program or a part of a path. */
function argumentsOf(ref: DestinationRef | SourceSpec): string[] {
  if (!('target' in ref)) return ref.kind === 'selector' ? [] : [ref.name, ref.namespace ?? 'none'];
  const { target, ports } = ref;
  const where = { ...target } as { name?: string; namespace?: string; host?: string; address?: string };
  const words = [where.name, where.namespace, where.host, where.address].filter((word) => word !== undefined);
  return [...words, ...ports.map(String)];
}

function expectHarmless(words: string[]): void {
  for (const word of words) expect(word).toMatch(/^[a-z0-9:][-a-z0-9.:]*$/);
}

describe('the grammar of targets', () => {
  test('throws nothing but usage failures, and lets nothing through that is an option or means something to a shell', () => {
    fc.assert(
      fc.property(hostile, verb, (word, which) => {
        const ref = attempt(() => parseDestination(word, { verb: which }));
        if (ref !== undefined) expectHarmless(argumentsOf(ref));
      }),
      { numRuns: 5000 },
    );
  });

  test('so do whole command lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostile, name, fc.constantFrom(...spellings)), { maxLength: 5 }),
        verb,
        (argv, which) => {
          const targets: TargetArguments | undefined = attempt(() => parseTargets(argv, { verb: which }));
          if (targets === undefined) return;
          expectHarmless([targets.source, ...targets.destinations].flatMap(argumentsOf));
          expect(targets.destinations.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('objects come back as they were written', () => {
    const type = fc.constantFrom(
      ['pod', 'pod'],
      ['deploy', 'deployment'],
      ['svc', 'service'],
      ['jobs.batch', 'job'],
      ['CronJob', 'cronjob'],
    );
    const scheme = fc.constantFrom('', 'tcp://', 'udp://');
    fc.assert(
      fc.property(
        scheme,
        fc.option(name),
        type,
        name,
        fc.uniqueArray(port, { minLength: 1, maxLength: 3 }),
        (...parts) => {
          const [prefix, namespace, [spelling = '', kind], object, ports] = parts;
          const word = `${prefix}${namespace === null ? '' : `${namespace}/`}${spelling}/${object}:${ports.join(',')}`;
          expect(parseDestination(word, { verb: 'connect' })).toEqual({
            text: word,
            target: { kind, name: object, ...(namespace === null ? {} : { namespace }) },
            ports,
            ...(prefix === '' ? {} : { protocol: prefix.slice(0, 3) }),
          });
        },
      ),
    );
  });

  test('so do IP addresses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), inet6), (address) => {
        const family = address.includes(':') ? 6 : 4;
        const canonical = new SocketAddress({ address, family: `ipv${family}` }).address;
        const target = { kind: 'ip', address: canonical, family };
        expect(parseDestination(address, { verb: 'ping' }).target).toEqual(target);
        const word = family === 6 ? `[${address}]:80` : `${address}:80`;
        expect(parseDestination(word, { verb: 'connect' })).toEqual({ text: word, target, ports: [80] });
      }),
    );
  });
});
