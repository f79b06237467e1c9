// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

const library = join(dirname(createRequire(import.meta.url).resolve('@oclif/core/package.json')), 'lib');

/**
 * Modules of oclif that load much for what this program never does, and what stands in their place. Commands are classes
 * with flags and arguments that oclif parses; finding them, help, spinners and the end of the process are our own.
 */
const replaced: Readonly<Record<string, string>> = {
  'index.js': `
    exports.Command = require('./command.js').Command;
    exports.Flags = require('./flags.js');
    exports.Args = require('./args.js');`,
  // Finds commands, plugins and hooks on the disk, and TypeScript to compile them with.
  'config/index.js': '',
  // For --help as a flag among others.
  'help/index.js': '',
  // Prints an error and ends the process.
  'errors/handle.js': '',
  // Usage lines of flags.
  'parser/help.js': '',
  // Spinners, prompts and coloured JSON.
  'ux/index.js': 'exports.ux = {};',
};

/** Takes of oclif what parses a command line: a quarter of the bytes. An update that moves a module above fails the build. */
export const leanOclif: Plugin = {
  name: 'lean-oclif',
  setup(build) {
    const left = new Set(Object.keys(replaced));
    build.onLoad({ filter: /@oclif[\\/]core[\\/]lib[\\/]/ }, ({ path }) => {
      const name = relative(library, path).replaceAll('\\', '/');
      const contents = replaced[name];
      left.delete(name);
      return contents === undefined ? undefined : { contents, resolveDir: dirname(path) };
    });
    // Templates of its help.
    build.onLoad({ filter: /[\\/]node_modules[\\/]ejs[\\/]/ }, () => ({ contents: '' }));
    build.onEnd(() => (left.size === 0 ? {} : { errors: [{ text: `oclif no longer loads ${[...left].join(', ')}` }] }));
  },
};
