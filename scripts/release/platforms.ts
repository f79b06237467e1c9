// SPDX-License-Identifier: Apache-2.0

/** A kind of machine that a release has an archive for; `os` and `arch` are in krew's words, which are Go's. */
export interface Platform {
  /** As in names of archives. */
  name: string;
  os: 'linux' | 'darwin' | 'windows';
  arch: 'amd64' | 'arm64';
  /** The C library of a Linux executable. */
  libc?: 'glibc' | 'musl';
  /** Bun's name for it: of the target, and of the npm package @oven/RUNTIME that holds the runtime. */
  target: string;
  runtime: string;
}

function platform(os: Platform['os'], arch: Platform['arch'], libc?: Platform['libc']): Platform {
  const suffix = libc === 'musl' ? '-musl' : '';
  return {
    name: `${os}_${arch}${suffix.replace('-', '_')}`,
    os,
    arch,
    ...(libc === undefined ? {} : { libc }),
    target: `bun-${os}-${arch === 'amd64' ? 'x64' : 'arm64'}${suffix}`,
    runtime: `bun-${os}-${arch === 'amd64' ? 'x64' : 'aarch64'}${suffix}`,
  };
}

/** All kinds of machines. krew cannot tell C libraries apart: of each kind, the first is what it gets. */
export const platforms: readonly Platform[] = [
  platform('linux', 'amd64', 'glibc'),
  platform('linux', 'arm64', 'glibc'),
  platform('linux', 'amd64', 'musl'),
  platform('linux', 'arm64', 'musl'),
  platform('darwin', 'amd64'),
  platform('darwin', 'arm64'),
  platform('windows', 'amd64'),
  platform('windows', 'arm64'),
];

/** The file that is run. */
export function executableName({ os }: Pick<Platform, 'os'>): string {
  return os === 'windows' ? 'kubectl-netmachinery.exe' : 'kubectl-netmachinery';
}

/** The platforms with these names, or all; throws on a name that there is not. */
export function chosenPlatforms(names: readonly string[]): readonly Platform[] {
  if (names.length === 0) return platforms;
  return names.map((name) => {
    const found = platforms.find((each) => each.name === name);
    if (found !== undefined) return found;
    throw new Error(`no platform ${name}: there are ${platforms.map((each) => each.name).join(', ')}`);
  });
}
