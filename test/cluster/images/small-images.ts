// SPDX-License-Identifier: Apache-2.0
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageRecipe } from './recipe.js';
import { runCommand } from '../run-command.js';

const here = fileURLToPath(import.meta.url);
const serverSource = fileURLToPath(new URL('../programs/web', import.meta.url));

/** Debian's busybox-static: it needs no library, so that a file system of this one file works. */
const busybox = '/bin/busybox';

const accounts = ['root:x:0:0:root:/:/bin/sh', 'nobody:x:65534:65534:nobody:/:/bin/false', ''].join('\n');
const serverPorts = ['--http=:8080', '--https=:8443', '--udp-echo=:9000', '--udp-sink=:9001', '--tcp=:5432'];

/** `sh` as process 1 takes in the orphans of a pod with a shared process namespace, and `wait` ends at once on a signal. */
const pauseScript = "trap 'exit 0' TERM INT; while :; do sleep 2147483647 & wait; done";

async function installBusybox(rootDirectory: string, applets: string[]): Promise<void> {
  await mkdir(join(rootDirectory, 'bin'));
  await copyFile(busybox, join(rootDirectory, 'bin/busybox'));
  await Promise.all(applets.map((applet) => symlink('busybox', join(rootDirectory, 'bin', applet))));
}

async function installAccounts(rootDirectory: string): Promise<void> {
  await mkdir(join(rootDirectory, 'etc'));
  await writeFile(join(rootDirectory, 'etc/passwd'), accounts);
}

async function installTemporaryFolder(rootDirectory: string): Promise<void> {
  await mkdir(join(rootDirectory, 'tmp'));
  await chmod(join(rootDirectory, 'tmp'), 0o1777);
}

async function installServer(rootDirectory: string): Promise<void> {
  const output = join(rootDirectory, 'server');
  await runCommand('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', `-o=${output}`, '.'], {
    cwd: serverSource,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
  });
}

/** What holds a pod's namespaces: it waits until it is told to end. */
export const pause: ImageRecipe = {
  shortName: 'pause',
  config: { entrypoint: ['/bin/sh', '-c', pauseScript] },
  inputs: [here, busybox],
  populate: (rootDirectory) => installBusybox(rootDirectory, ['sh', 'sleep']),
};

/** The server beside a shell: the usual small application image. */
export const web: ImageRecipe = {
  shortName: 'web',
  config: { entrypoint: ['/server'], cmd: serverPorts },
  inputs: [here, busybox, serverSource],
  populate: async (rootDirectory) => {
    await installBusybox(rootDirectory, ['sh', 'sleep', 'cat', 'ls', 'ps', 'env', 'kill', 'id', 'wget']);
    await installAccounts(rootDirectory);
    await installTemporaryFolder(rootDirectory);
    await installServer(rootDirectory);
  },
};

/** The server and nothing else, as distroless images are: no shell to execute anything in. */
export const staticServer: ImageRecipe = {
  shortName: 'static',
  config: { entrypoint: ['/server'], cmd: serverPorts, user: '65534:65534' },
  inputs: [here, serverSource],
  populate: async (rootDirectory) => {
    await installAccounts(rootDirectory);
    await installServer(rootDirectory);
  },
};

/** All that busybox can do and nothing more: its ping, nc and wget behave unlike those of the toolbox. */
export const busyboxOnly: ImageRecipe = {
  shortName: 'busybox',
  config: { cmd: ['/bin/sh'] },
  inputs: [here, busybox],
  populate: async (rootDirectory) => {
    const applets = (await runCommand(busybox, ['--list'])).split('\n');
    await installBusybox(
      rootDirectory,
      applets.filter((applet) => applet !== '' && applet !== 'busybox'),
    );
    await installAccounts(rootDirectory);
    await installTemporaryFolder(rootDirectory);
  },
};
