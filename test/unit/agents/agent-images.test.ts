// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { agentImages, imageFor } from '../../../src/agents/agent-images.js';

test('the usual image is needed and always allowed, others only by name', () => {
  expect(() => agentImages({})).toThrow('NETMACHINERY_AGENT_IMAGE is not set');
  const images = agentImages({
    NETMACHINERY_AGENT_IMAGE: 'agent:1',
    NETMACHINERY_ALLOWED_IMAGES: ' mine:2, ,other:3 ',
  });
  expect(imageFor(undefined, images)).toBe('agent:1');
  expect(imageFor('agent:1', images)).toBe('agent:1');
  expect(imageFor('mine:2', images)).toBe('mine:2');
  expect(imageFor('mine', images)).toBeUndefined();
  expect(agentImages({ NETMACHINERY_AGENT_IMAGE: 'agent:1' }).allowed).toEqual(new Set(['agent:1']));
});
