// SPDX-License-Identifier: Apache-2.0
import { resourceKinds, shortType, type ResourceKind } from '../targets/resource-types.js';
import type { CommandLine } from './command-line.js';
import { anyAddress, anyTarget, readTargets, targetChoices, type TargetGrammar } from './target-words.js';
import { nothing, words, type Wanted } from './wanted.js';

/** What may be the next word of a command that is not a flag, where it begins with `start`. */
type WordChoices = (start: string, line: CommandLine) => Wanted;

/** Each word is one of a list: a target again and again. */
function everyTarget(start: string, { words: before }: CommandLine, grammar: TargetGrammar): Wanted {
  const { targets, type } = readTargets(before);
  return { ...targetChoices(start, grammar, type), taken: targets };
}

/** One source, unless `-l` selects it; then destinations. */
function sourceThen(destinations: WordChoices): WordChoices {
  return (start, line) => {
    const { targets, type } = readTargets(line.words);
    const isSource = targets.length === 0 && !line.given.has('selector');
    return isSource ? targetChoices(start, anyTarget, type) : destinations(start, line);
  };
}

function typeBefore(line: CommandLine): ResourceKind | undefined {
  return readTargets(line.words).type;
}

const destinations: WordChoices = (start, line) => targetChoices(start, anyTarget, typeBefore(line));
const addresses: WordChoices = (start, line) => targetChoices(start, anyAddress, typeBefore(line));

/** URLs can only be begun. */
const urls: WordChoices = (start, line) => {
  const wanted = addresses(start, line);
  const schemes = ['http://', 'https://'].map((word) => ({ word, description: 'a URL' }));
  return start === '' ? wanted : { ...wanted, offers: [...schemes, ...wanted.offers] };
};

/** Names that are asked for: those of Services as pods of their namespace know them. */
const dnsNames: WordChoices = () => ({ offers: [], lookup: { of: 'names', kind: 'service' } });

/** Pods by name; none where they are chosen in another way. */
const scope: WordChoices = (start, line) => {
  const isChosen = ['selector', 'all-namespaces', 'filename'].some((flag) => line.given.has(flag));
  return isChosen ? nothing : everyTarget(start, line, anyTarget);
};

const templates: readonly ResourceKind[] = ['deployment', 'statefulset', 'daemonset', 'cronjob'];

/** Workloads; pods where those are changed themselves; with `-l` only types. */
const injected: WordChoices = (start, line) => {
  const { given } = line;
  if (given.has('filename') || given.has('agents-only')) return nothing;
  const kinds: readonly ResourceKind[] = given.has('ephemeral')
    ? resourceKinds
    : given.has('recreate')
      ? ['pod', ...templates]
      : templates;
  if (given.has('selector')) return words(...kinds.map(shortType));
  return everyTarget(start, line, { kinds, ports: false });
};

const networkProber: WordChoices = (_start, { words: before, given }) => {
  if (before.length > 0 || given.has('filename')) return nothing;
  return { offers: [], lookup: { of: 'names', kind: 'networkprober' } };
};

const reports: WordChoices = (_start, { words: before, given }) => {
  return before.length < (given.has('diff') ? 2 : 1) ? { offers: [], shell: 'files' } : nothing;
};

/** By command; arguments that a command declares itself are known from its description. */
const choicesOf: Readonly<Record<string, WordChoices>> = {
  ping: sourceThen(destinations),
  mtu: sourceThen(destinations),
  trace: sourceThen(destinations),
  connect: sourceThen(addresses),
  http: sourceThen(urls),
  dns: sourceThen(dnsNames),
  shape: scope,
  'shape:clear': scope,
  'shape:list': scope,
  heal: scope,
  clean: scope,
  mesh: scope,
  inject: injected,
  uninject: injected,
  'inject:enable': networkProber,
  'inject:disable': networkProber,
  report: reports,
};

/** Whether somebody has thought about what the words of a command are. */
export function hasWords(command: string): boolean {
  return choicesOf[command] !== undefined;
}

/** What may be the next word of a command that is not a flag, where it begins with `start`. */
export function positionalWord(start: string, line: CommandLine): Wanted {
  const { id, args } = line.command;
  const choices = choicesOf[id];
  if (choices !== undefined) return choices(start, line);
  return words(...(args[line.words.length]?.options ?? []));
}
