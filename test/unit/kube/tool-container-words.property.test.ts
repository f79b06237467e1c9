// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idleCommand, markWork } from '../../../src/kube/tool-container-script.js';
import { servesRequest, toolContainerSpec } from '../../../src/kube/tool-container-spec.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$(id)', '`id`', '; id', '-f', '--', '', '\n', "'", '"', '$(NETMACHINERY_IMAGE)', '$$(x)', '🦆'),
);

describe('what the user writes into a tool container', () => {
  it('is a value of its specification and never part of a command', () => {
    fc.assert(
      fc.property(text, text, text, (image, caller, reason) => {
        const container = toolContainerSpec({ image, caller, reason }, 1);
        expect(container.command).toEqual(idleCommand(8 * 3600));
        expect(container).not.toHaveProperty('args');
        expect(container.name).toBe('netmachinery-1');
        expect(container.image).toBe(image);
        expect(container.env?.map(({ value }) => value)).toEqual([image, caller, reason]);
        expect(container.securityContext).toEqual(toolContainerSpec({ image: 'x' }, 1).securityContext);
        // Neither who asked nor why decides whether it is used again.
        expect(servesRequest(container, { image })).toBe(true);
      }),
    );
  });
});

describe('a command in a tool container', () => {
  it('gets its words as they are, whatever they are', () => {
    // An argument of a process is bytes without NUL (execve(2)); lone surrogates have none.
    const words = fc.array(
      text.map((word) => Buffer.from(word.replaceAll('\0', '')).toString()),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(words, (list) => {
        const [program = '', ...argv] = markWork(['printf', '%s\\0', ...list], 10);
        expect(execFileSync(program, argv, { encoding: 'utf8' })).toBe(list.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: 30 },
    );
  });
});
