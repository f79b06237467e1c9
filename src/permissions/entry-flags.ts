// SPDX-License-Identifier: Apache-2.0
import type { Access } from '../kube/access.js';
import type { Needs } from './needs.js';

/** What `rbac` has to be told of the way into pods. */
export type EntryNeeds = Pick<
  Needs,
  'ownContainer' | 'noExec' | 'probePod' | 'control' | 'udpProof' | 'bothDirections' | 'ephemeral' | 'recreate'
>;

/** The flags of `rbac` for a way into pods. The name of the container and the kind of proof change no Role. */
export function entryFlags(entry: Partial<EntryNeeds>): string[] {
  const { ownContainer, noExec, probePod, control, udpProof, bothDirections } = entry;
  return [
    ...(ownContainer === true ? ['-c NAME'] : []),
    ...(noExec === true ? ['--no-exec'] : []),
    ...(probePod === true ? ['--probe-pod'] : []),
    ...(control === true ? ['--control=destination'] : []),
    ...(udpProof === true ? ['--udp-proof=counters'] : []),
    ...(bothDirections === true ? ['--both-directions'] : []),
  ];
}

/** The way into pods that the words of a command line ask for. */
export function entryOfWords(argv: readonly string[]): Partial<EntryNeeds> {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const isGiven = (flag: RegExp) => words.some((word) => flag.test(word));
  const hasValue = (name: string, value: string) =>
    words.some((word, index) => word === `${name}=${value}` || (word === name && words[index + 1] === value));
  return {
    ownContainer: isGiven(/^(?:-c|--container(?:=|$))/),
    noExec: isGiven(/^--no-exec(?:=[1tT]\w*)?$/),
    probePod: isGiven(/^--probe-pod(?:=[1tT]\w*)?$/),
    control: hasValue('--control', 'destination'),
    udpProof: isGiven(/^--udp-proof(?:=|$)/),
    ephemeral: isGiven(/^--ephemeral(?:=[1tT]\w*)?$/),
    recreate: isGiven(/^--recreate(?:=[1tT]\w*)?$/),
    bothDirections: isGiven(/^--both-directions(?:=[1tT]\w*)?$/),
  };
}

/** The way into pods that a test must have taken to be denied this, as far as that tells. */
export function entryOfAccesses(accesses: readonly Access[]): Partial<EntryNeeds> {
  const pods = accesses.filter(({ group = '', resource }) => group === '' && resource === 'pods');
  return {
    noExec: pods.some(({ subresource }) => subresource === 'log'),
    probePod: pods.some(({ verb, subresource }) => subresource === undefined && ['create', 'delete'].includes(verb)),
  };
}
