// SPDX-License-Identifier: Apache-2.0
import { asFailure, type Failure } from '../../errors/failure.js';

/** What became of several places: those where it was done, and why not elsewhere, in their order. */
export interface Attempts<Place> {
  done: Place[];
  failures: Failure[];
}

/** Does something in every place at once; what fails in one leaves the others alone. Throws what is a bug of ours. */
export async function inEach<Place>(
  places: readonly Place[],
  act: (place: Place) => Promise<void>,
): Promise<Attempts<Place>> {
  const answers = await Promise.allSettled(places.map(act));
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [asFailure(answer.reason)] : []));
  const bug = failures.find(({ code }) => code === 'bug');
  if (bug !== undefined) throw bug;
  return { done: places.filter((_, index) => answers[index]?.status === 'fulfilled'), failures };
}
