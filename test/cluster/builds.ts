// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileExists } from './file-exists.js';
import { goVersion } from './packages.js';
import type { ClusterPaths } from './paths.js';
import type { Progress } from './progress.js';
import { runCommand } from './run-command.js';

interface GoProgram {
  /** Folder under programs/, which holds go.mod, go.sum and the source. */
  folder: string;
  /** Arguments of `go build` after `-trimpath`; the packages to build come last. */
  flags: string[];
  packages: string[];
}

const kubernetesVersion = '1.34.4';
const version = 'k8s.io/component-base/version';
const [major, minor] = kubernetesVersion.split('.');

const programs = {
  kubernetes: {
    folder: 'kubernetes',
    flags: [
      '-tags',
      'providerless',
      '-ldflags',
      `-s -w -X ${version}.gitVersion=v${kubernetesVersion} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`,
    ],
    packages: ['.'],
  },
  containerd: {
    folder: 'containerd',
    flags: ['-ldflags', '-s -w', '-tags', 'no_btrfs no_zfs no_devmapper no_aufs'],
    packages: [
      'github.com/containerd/containerd/v2/cmd/containerd',
      'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
    ],
  },
  coredns: { folder: 'coredns', flags: ['-ldflags', '-s -w'], packages: ['.'] },
} satisfies Record<string, GoProgram>;

/** The folders that hold the built programs; each name is part of what a cluster's identity is. */
export interface Builds {
  /** Contains `kubernetes`, every Kubernetes program in one. */
  kubernetes: string;
  /** Contains `containerd` and `containerd-shim-runc-v2`. */
  containerd: string;
  /** Contains `coredns`, linked statically. */
  coredns: string;
}

async function ensureBuild(program: GoProgram, paths: ClusterPaths, go: string, progress: Progress): Promise<string> {
  const source = join(import.meta.dirname, 'programs', program.folder);
  const hash = createHash('sha256').update(JSON.stringify([go, program]));
  for (const name of (await readdir(source)).sort()) hash.update(name).update(await readFile(join(source, name)));
  const output = join(paths.builds, `${program.folder}-${hash.digest('hex').slice(0, 16)}`);
  if (await fileExists(output)) return output;

  progress(`building ${program.folder} from its Go modules`);
  // Built from a copy, so that the Go tool can never change the committed go.mod and go.sum.
  const workspace = `${output}.building`;
  await rm(workspace, { recursive: true, force: true });
  await mkdir(join(workspace, 'bin'), { recursive: true });
  await cp(source, join(workspace, 'source'), { recursive: true });
  await runCommand(
    'go',
    ['build', '-trimpath', ...program.flags, '-o', `${join(workspace, 'bin')}/`, ...program.packages],
    {
      cwd: join(workspace, 'source'),
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -mod=readonly', GOWORK: 'off' },
    },
  );
  await rename(join(workspace, 'bin'), output);
  await rm(workspace, { recursive: true, force: true });
  progress(`built ${program.folder}`);
  return output;
}

/** Builds what is not built yet, one after the other: each build takes every core by itself. */
export async function ensureBuilds(paths: ClusterPaths, progress: Progress): Promise<Builds> {
  const go = await goVersion();
  const kubernetes = await ensureBuild(programs.kubernetes, paths, go, progress);
  const containerd = await ensureBuild(programs.containerd, paths, go, progress);
  const coredns = await ensureBuild(programs.coredns, paths, go, progress);
  await mkdir(paths.kubectl, { recursive: true });
  // Replaced by a rename, so that a test that runs kubectl at this moment always finds one.
  const link = join(paths.builds, `kubectl.${process.pid}`);
  await symlink(join(kubernetes, 'kubernetes'), link);
  await rename(link, join(paths.kubectl, 'kubectl'));
  return { kubernetes, containerd, coredns };
}

/** Deletes what other inputs were built to; only while nothing runs, since containerd starts its shims at any time. */
export async function removeStaleBuilds(builds: Builds, paths: ClusterPaths): Promise<void> {
  const current = Object.values(builds).map((folder: string) => basename(folder));
  const stale = (await readdir(paths.builds)).filter(
    (name) => /^(kubernetes|containerd|coredns)-/.test(name) && !current.includes(name),
  );
  await Promise.all(stale.map((name) => rm(join(paths.builds, name), { recursive: true, force: true })));
}
