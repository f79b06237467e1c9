// SPDX-License-Identifier: Apache-2.0
import { Command } from '@oclif/core';
import { version } from '../version.js';

export default class Version extends Command {
  static override summary = 'Print the version';
  static override flags = {};

  async run(): Promise<void> {
    await this.parse(Version);
    this.log(`Client Version: v${version}`);
  }
}
