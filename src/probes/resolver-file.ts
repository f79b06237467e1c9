// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import { quotedLine } from './lines.js';
import type { ProbeParser, RemoteCommand } from './probe.js';
import { resolverConfiguration, type ResolverConfiguration } from './resolver-configuration.js';

/** Shows how names are resolved in a pod. */
export function resolverFileCommand(): RemoteCommand {
  return { argv: ['cat', '/etc/resolv.conf'], limitMs: 10_000 };
}

/** What it shows; `end` has one outcome, the configuration or why there is none. */
export function resolverFileParser(): ProbeParser<never, ResolverConfiguration | Failure> {
  const lines: string[] = [];
  let lastStderr = '';
  return {
    stdout(line) {
      lines.push(line);
      return [];
    },
    stderr(line) {
      if (line.trim() !== '') lastStderr = quotedLine(line);
      return [];
    },
    end(exitCode) {
      if (exitCode === 0) return [resolverConfiguration(lines.join('\n'))];
      const why = lastStderr || `cat ended with code ${exitCode}`;
      return [new Failure('tool', `/etc/resolv.conf could not be read: ${why}`, { reason: 'ToolFailed' })];
    },
  };
}
