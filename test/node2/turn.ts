// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach } from 'vitest';
import { ensureNode2, isNode2Wanted } from '../cluster/node2/recovery.js';

/**
 * One file of tests at a time uses node2, which is one slow processor; other workers do what does not need it meanwhile. The
 * turn is a name among the machine's abstract sockets (unix(7)): it ends with the process that has it.
 */
const name = '\0netmachinery-test-node2';

function taken(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(name, () => {
      server.unref();
      resolve(true);
    });
  });
}

while (!(await taken())) await sleep(200);

// Of the plugin: a container may take longer to start there than users would wait for it.
process.env['NETMACHINERY_TOOL_TIMEOUT'] = '4m';

// Before each try of a test, those that are tried again among them: the last one may have failed since node2 had died.
beforeEach(async ({ skip }) => {
  if (!isNode2Wanted) skip('NETMACHINERY_TEST_NODE2 is no');
  await ensureNode2();
}, 900_000);
