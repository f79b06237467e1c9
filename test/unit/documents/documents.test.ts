// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentFolders, documents, snapshotFacts } from '../../../scripts/documents.js';
import { goneFacts, surfaceFacts } from '../../../scripts/surface-facts.js';
import { commandSurface } from '../../../src/surface/command-surface.js';
import { command, flag } from '../help/commands.js';

const root = join(import.meta.dirname, '../../..');
const facts = surfaceFacts(commandSurface.values());

describe('documents that are made of the commands', () => {
  it('are as the commands are (npm run documents)', async () => {
    const expected = await documents();
    const paths = documentFolders.flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    );
    expect(paths.sort()).toEqual(Object.keys(expected).sort());
    for (const [path, text] of Object.entries(expected)) {
      expect(readFileSync(join(root, path), 'utf8'), `${path} is stale: npm run documents`).toBe(text);
    }
  });
});

describe('the snapshot of what users may rely on', () => {
  it('holds nothing that is gone from the commands: scripts would break', () => {
    expect(goneFacts(snapshotFacts(), facts), 'gone; where that is meant: npm run manifest -- --allow-removal').toEqual(
      [],
    );
  });

  it('holds all there is (npm run manifest)', () => {
    expect(goneFacts(facts, snapshotFacts()), 'not in the snapshot: npm run manifest').toEqual([]);
  });
});

describe('what is gone', () => {
  const peer = flag('peer', {
    char: 'p',
    aliases: ['target'],
    options: ['a', 'b'],
    multiple: true,
    env: 'PEER',
    default: 'a',
  });
  const before = [
    command('shape', { flags: [peer], args: [{ name: 'verb', options: ['on'] }], aliases: ['form'] }),
    command('heal'),
  ];
  const gone = (...after: typeof before) => goneFacts(surfaceFacts(before), surfaceFacts(after));
  const [shape = command('shape'), heal = command('heal')] = before;
  const withPeer = (change: Partial<typeof peer>) => ({ ...shape, flags: [{ ...peer, ...change }] });

  it('is nothing where something was added', () => {
    expect(gone(shape, heal, command('new'))).toEqual([]);
    expect(gone(withPeer({ options: ['a', 'b', 'c'], aliases: ['target', 'to'] }), heal)).toEqual([]);
  });

  it.each([
    ['a command', [shape], ['heal']],
    ['a command that is hidden', [shape, { ...heal, hidden: true }], ['heal']],
    ['a flag', [{ ...shape, flags: [] }, heal], expect.arrayContaining(['shape --peer takes a value'])],
    ['a short form', [withPeer({ char: 'q' }), heal], ['shape --peer is also -p']],
    ['an alias', [withPeer({ aliases: [] }), heal], ['shape --peer is also --target']],
    ['an allowed value', [withPeer({ options: ['a'] }), heal], ['shape --peer may be b']],
    ['repetition', [withPeer({ multiple: false }), heal], ['shape --peer may be repeated']],
    ['a variable', [withPeer({ env: 'OTHER' }), heal], ['shape --peer is PEER in the environment']],
    ['a default', [withPeer({ default: 'b' }), heal], ['shape --peer is a by default']],
    ['the need of a value', [withPeer({ type: 'boolean' }), heal], ['shape --peer takes a value']],
    ['a value of an argument', [{ ...shape, args: [{ name: 'verb' }] }, heal], ['shape VERB may be on']],
    ['an alias of a command', [{ ...shape, aliases: [] }, heal], ['shape is also form']],
  ])('is %s', (_what, after, expected) => {
    expect(gone(...after)).toEqual(expected);
  });
});
