// SPDX-License-Identifier: Apache-2.0
import { beforeEach } from 'vitest';
import { ensureNode2, isNode2Wanted } from '../cluster/node2/recovery.js';
import { takeTurn } from '../cluster/take-turn.js';

// One file at a time uses node2, which is one slow processor; other workers do what does not need it meanwhile.
await takeTurn('node2');

// Of the plugin: a container may take longer to start there than users would wait for it.
process.env['NETMACHINERY_TOOL_TIMEOUT'] = '4m';

// Before each try of a test, those that are tried again among them: the last one may have failed since node2 had died.
beforeEach(async ({ skip }) => {
  if (!isNode2Wanted) skip('NETMACHINERY_TEST_NODE2 is no');
  await ensureNode2();
}, 900_000);
