// SPDX-License-Identifier: Apache-2.0
import { Failure } from '../errors/failure.js';

/** The refusal of an interface whose root qdisc (`what`) somebody else has made. */
export function foreignQdisc(pod: string, device: string, what: string): Failure {
  return new Failure('unsupported', `pod ${pod}: interface ${device} has ${what}, which is not ours`, {
    reason: 'ForeignQdisc',
    hint: 'it is left as it is: whoever made it has to remove it, or shape another interface',
  });
}
