// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { offerAnotherWay } from '../../../src/runs/another-way.js';

const noPatch = new Failure('forbidden', 'you are not allowed to patch pods/ephemeralcontainers');

describe('a missing permission', () => {
  it('comes with the ways that do without it', () => {
    const { hint } = offerAnotherWay(noPatch, 'toolContainer') as Failure;
    expect(hint).toContain('-c NAME');
    expect(hint).toContain('--probe-pod');
  });

  it('does not offer the way that was chosen', () => {
    const { hint } = offerAnotherWay(noPatch, 'probePod') as Failure;
    expect(hint).toContain('-c NAME');
    expect(hint).not.toContain('--probe-pod');
  });
});
