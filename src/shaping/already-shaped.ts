// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';
import type { ShapeRecord } from '../model/shaping.js';
import { clockTime } from '../model/clock-time.js';
import { describeEffects } from './describe-effects.js';

/** The refusal of a pod that has a shape of ours: what, whose and until when, as far as that is known. */
export function alreadyShaped(pod: string, record: ShapeRecord | undefined): Failure {
  const hint = `change it with --replace, or end it: kubectl netmachinery shape clear ${podWord(pod)}`;
  if (record === undefined) {
    return new Failure('tool', `pod ${pod} is already shaped, and nothing says by whom or until when`, {
      reason: 'AlreadyShaped',
      hint,
    });
  }
  const { effects, interface: device, caller, endsAt, reason } = record;
  const who = caller === undefined ? '' : ` by ${caller}`;
  const why = reason === undefined ? '' : ` (${reason})`;
  const until = `until ${clockTime(endsAt)}`;
  return new Failure(
    'tool',
    `pod ${pod} is already shaped: ${describeEffects(effects)} on ${device}${who}${why}, ${until}`,
    {
      reason: 'AlreadyShaped',
      hint,
    },
  );
}

/** `shop/web-0` as a word of a command line. */
function podWord(pod: string): string {
  const [namespace = '', name = ''] = pod.split('/');
  return `${namespace}/pod/${name}`;
}
