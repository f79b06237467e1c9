// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { parseSettings } from '../../../src/settings/parse-file.js';
import { settingKeys } from '../../../src/settings/settings.js';

const keys =
  'it may have image, imagePullPolicy, toolTimeout, idle, reason, maxPods, concurrency, color, agentImage and';

describe('a file of settings', () => {
  it('has keys with values, and it is known on which lines', () => {
    const text =
      '# ours\nimage: mirror.example/tools:1\n\n"toolTimeout": 90 # s\nreason: |\n  image: ticket\nmaxPods: 20\n';
    expect([...parseSettings(text, 'f')]).toEqual([
      ['image', { text: 'mirror.example/tools:1', line: 2 }],
      ['toolTimeout', { text: '90', line: 4 }],
      ['reason', { text: 'image: ticket\n', line: 5 }],
      ['maxPods', { text: '20', line: 7 }],
    ]);
  });

  it('may be JSON', () => {
    expect([...parseSettings('{\n"reason": "idle",\n"color": "never", "idle": "5m"}', 'f')]).toEqual([
      ['reason', { text: 'idle', line: 2 }],
      ['color', { text: 'never', line: 3 }],
      ['idle', { text: '5m', line: 3 }],
    ]);
  });

  it.each(['', '\n', '# nothing\n', '---\n', 'null', '{}'])('has nothing in it: %j', (text) => {
    expect(parseSettings(text, 'f').size).toBe(0);
  });

  it.each([
    ['tls: 1', 'f:1: unknown key "tls"', keys],
    ['# x\nagentimage: a:1', 'f:2: unknown key "agentimage"', 'did you mean agentImage?'],
    ['tool-timeout: 1m', 'f:1: unknown key "tool-timeout"', 'did you mean toolTimeout?'],
    ['NETMACHINERY_MAX_PODS: 5', 'f:1: unknown key "NETMACHINERY_MAX_PODS"', 'did you mean maxPods?'],
    ['--idle: 5m', 'f:1: unknown key "--idle"', 'did you mean idle?'],
    ['colour: auto', 'f:1: unknown key "colour"', 'did you mean color?'],
    ['__proto__: x', 'f:1: unknown key "__proto__"', keys],
    ['image: a\nimage: b', 'f:2: this key is there twice', undefined],
    ['image: a\n---\nimage: b', 'f: has more than one document', 'leave out the lines ---'],
    [
      'image: 7',
      'f:1: image must be a text (IMAGE), and is a number',
      'if this is meant, put it in quotes: image: "7"',
    ],
    ['color: false', 'f:1: color must be one of auto, always, never, and is a boolean', undefined],
    ['color: red', 'f:1: invalid value "red" for color: must be one of auto, always, never', undefined],
    ['image:', 'f:1: image has no value', 'give it one, or leave the line out'],
    ['image: " "', 'f:1: invalid value " " for image: not the name of an image', undefined],
    ['image: [a]', 'f:1: image must be a text (IMAGE), and is a list', undefined],
    ['idle: {a: 1}', 'f:1: idle must be a number or a text (DURATION), and is an object', undefined],
    ['\n\nidle: soon', 'f:3: invalid value "soon" for idle: not a duration', 'write a number with a unit'],
    ['maxPods: 0.5', 'f:1: invalid value "0.5" for maxPods: not an integer', undefined],
    ['- image', 'f: must have keys and values', keys],
    ['image', 'f: must have keys and values', keys],
    ['image: [', 'f:2: neither YAML nor JSON: unexpected end', undefined],
    ['image: !!js/function x', 'f:1: neither YAML nor JSON: unknown tag', undefined],
  ])('is refused: %j', (text, message, hint) => {
    let thrown: unknown;
    try {
      parseSettings(text, 'f');
    } catch (failure) {
      thrown = failure;
    }
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toMatchObject({ code: 'usage' });
    expect((thrown as Failure).message).toContain(message);
    if (hint === undefined) expect((thrown as Failure).hint).toBeUndefined();
    else expect((thrown as Failure).hint).toContain(hint);
  });

  it('never throws anything but a usage failure that names it, whatever is in it', () => {
    const word = fc.oneof(
      fc.constantFrom(...settingKeys, '?', '- ', ': ', '[', '{', '&a ', '*a', '|\n', '\n', ' ', '!!set ', '<<'),
      fc.string(),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          for (const key of parseSettings(text, 'the-file').keys()) expect(settingKeys).toContain(key);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Failure);
          expect((thrown as Failure).code).toBe('usage');
          expect((thrown as Failure).message.startsWith('the-file')).toBe(true);
        }
      }),
    );
  });

  it('may be nested without end', () => {
    expect(() => parseSettings('['.repeat(60_000), 'f')).toThrow(Failure);
  });
});
