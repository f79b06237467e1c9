// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { parseSource } from '../../../src/targets/source-grammar.js';
import { parseTargets } from '../../../src/targets/target-arguments.js';
import { refusal } from './refusal.js';

const ping = { verb: 'ping' } as const;

describe('words as source and destinations', () => {
  test('TYPE NAME and TYPE/NAME are the same', () => {
    const spaced = parseTargets(['deploy', 'web', 'svc', 'api', '198.18.0.1', 'Node', 'n1', 'db'], ping);
    const joined = parseTargets(['deploy/web', 'svc/api', '198.18.0.1', 'Node/n1', 'db'], ping);
    expect(spaced).toEqual(joined);
    expect(spaced.source).toEqual({ kind: 'deployment', name: 'web', text: 'deploy/web' });
    expect(spaced.destinations.map(({ text }) => text)).toEqual(['svc/api', '198.18.0.1', 'Node/n1', 'db']);
  });

  test('a port follows the name of TYPE NAME', () => {
    const { destinations } = parseTargets(['web', 'svc', 'api:80'], { verb: 'connect', defaultProtocol: 'tcp' });
    expect(destinations).toEqual([
      { text: 'svc/api:80', target: { kind: 'service', name: 'api' }, ports: [80], protocol: 'tcp' },
    ]);
  });

  test('with -l all words are destinations', () => {
    const { source, destinations } = parseTargets(['svc/api', 'web'], { ...ping, selector: 'app=web' });
    expect(source).toEqual({ kind: 'selector', selector: 'app=web', text: 'app=web' });
    expect(destinations).toHaveLength(2);
  });

  test('--to-selector may be the only destination', () => {
    expect(parseTargets(['web'], { ...ping, toSelector: 'app=db' })).toMatchObject({
      destinations: [],
      toSelector: { selector: 'app=db' },
    });
    expect(parseTargets([], { ...ping, selector: 'app=web', toSelector: 'app=db' }).destinations).toEqual([]);
  });

  test.each([
    [[], 'a source and a destination are needed', 'usage: ping SRC DST...'],
    [['web'], 'a destination is needed beside "web"', 'did you mean: ping web DST?'],
    [['svc', 'web'], 'a destination is needed beside "svc/web"', 'did you mean: ping svc/web DST?'],
    [['web', 'pod'], '"pod" is a type, and no name follows it', 'a pod of that name is pod/pod'],
    [['web', 'pod', 'svc/x'], '"pod" is a type, and "svc/x" has one already', 'a pod of that name is pod/pod'],
    [['pod', '-x', 'y'], '"-x" is no target: names do not begin with a hyphen', 'flags stand before --, see --help'],
    [['web:80', 'x'], 'a source has no port: "web:80"', 'the source comes first: SRC DST:PORT'],
    [['198.18.0.1', 'x'], '"198.18.0.1" can not be a source: packets leave from pods', undefined],
    [['host/x', 'x'], '"host/x" can not be a source: packets leave from pods', undefined],
    [['tcp://x:80', 'x'], '"tcp://x:80" can not be a source: packets leave from pods', undefined],
    [['web', ''], 'a target is empty', undefined],
  ])('%j is refused', (argv, message, hint) => {
    const failure = refusal(() => parseTargets(argv, ping));
    expect(failure.message).toBe(message);
    if (hint !== undefined) expect(failure.hint).toBe(hint);
  });

  test('an empty selector does not mean everything', () => {
    expect(refusal(() => parseTargets(['web'], { ...ping, selector: '' })).message).toBe('the selector is empty');
    expect(refusal(() => parseTargets([], { ...ping, selector: 'a=b' })).hint).toContain(
      'all arguments are destinations',
    );
  });

  test('a source is one word or two', () => {
    expect(parseSource(['sts', 'db'])).toEqual({ kind: 'statefulset', name: 'db', text: 'sts/db' });
    expect(parseSource(['kube-system/node/n1'])).toMatchObject({ kind: 'node', namespace: 'kube-system', name: 'n1' });
    expect(parseSource(['web.0'])).toMatchObject({ kind: 'pod', name: 'web.0' });
    refusal(() => parseSource([]));
    refusal(() => parseSource(['a', 'b', 'c']));
  });
});
