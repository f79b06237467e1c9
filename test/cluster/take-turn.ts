// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

function taken(name: string): Promise<boolean> {
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

/**
 * Waits until no other file of tests has what there is only one of. The turn is a name among the machine's abstract sockets
 * (unix(7)): it ends with the process that has it.
 */
export async function takeTurn(what: string): Promise<void> {
  while (!(await taken(`\0netmachinery-test-${what}`))) await sleep(200);
}
