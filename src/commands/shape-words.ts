// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ScopeWords } from '../model/shaping.js';
import type { EffectWords } from '../shaping/parse-effects.js';
import { refuseEmptyScope } from '../shaping/scope.js';
import { parsePorts } from '../targets/ports.js';
import type { ShapeFlags } from './flags/shape-flags.js';

const splitWords = (words: readonly string[] = []) => words.flatMap((word) => word.split(','));

function portsOf(words: readonly string[] | undefined, flag: string): number[] {
  return splitWords(words).flatMap((word) =>
    parsePorts(word, word).map((port) => {
      if (typeof port === 'number') return port;
      throw new Failure('usage', `--${flag} ${word}: the number of a port is needed`, {
        hint: 'names of ports differ from pod to pod; packets have numbers',
      });
    }),
  );
}

/** Which packets are meant. Throws Failure `usage`. */
export function scopeWords(flags: ShapeFlags): ScopeWords {
  const protocol = flags.protocol as ScopeWords['protocol'];
  const packets = {
    ports: portsOf(flags.port, 'port'),
    sourcePorts: portsOf(flags['source-port'], 'source-port'),
    destinationPorts: portsOf(flags['destination-port'], 'destination-port'),
    ...(protocol === undefined ? {} : { protocol }),
  };
  refuseEmptyScope(packets);
  return { peers: splitWords(flags.peer), exclude: splitWords(flags.exclude), ...packets };
}

/** The words of effects, not read yet. */
export function effectWords(flags: ShapeFlags): EffectWords {
  return {
    delay: flags.delay,
    jitter: flags.jitter,
    correlation: flags.correlation,
    distribution: flags.distribution,
    loss: flags.loss,
    lossCorrelation: flags['loss-correlation'],
    duplicate: flags.duplicate,
    duplicateCorrelation: flags['duplicate-correlation'],
    corrupt: flags.corrupt,
    corruptCorrelation: flags['corrupt-correlation'],
    reorder: flags.reorder,
    reorderCorrelation: flags['reorder-correlation'],
    gap: flags.gap,
    rate: flags.rate,
    limit: flags.limit,
    slot: flags.slot,
    partition: flags.partition,
  };
}
