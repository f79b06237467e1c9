// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { ephemeralContainers, serverPod, service } from './manifests.js';

let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace('usage');
  await createReady(
    namespace,
    serverPod('server'),
    service('api', { selector: { app: 'server' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
  );
});

// Whatever is wrong, it is found before any pod is touched.
afterAll(async () => {
  expect(await ephemeralContainers(namespace)).toEqual({});
  await deleteNamespace(namespace);
});

type Case = [name: string, args: string[], error: string | RegExp, hint: string | RegExp | undefined];

const cases: Case[] = [
  ['no argument', ['ping'], 'a source and a destination are needed', 'ping SRC DST'],
  ['a single argument', ['connect', 'server'], 'a destination is needed beside "server"', 'connect server DST:PORT'],
  ['a port for ping', ['ping', 'server', 'server:80'], 'ping has no ports', 'connect SRC server:80'],
  ['no port for connect', ['connect', 'server', 'pod/server'], '"pod/server" has no port', 'pod/server:80'],
  ['port 0', ['connect', 'server', 'server:0'], /port "0" .* is not between 1 and 65535/, undefined],
  ['port 65536', ['connect', 'server', 'server:65536'], /port "65536" .* is not between 1 and 65535/, undefined],
  ['a port that a Service has not', ['connect', 'server', 'svc/api:81'], 'has no TCP port 81', '80/tcp (http)'],
  [
    'a port name that no container has',
    ['connect', 'server', 'server:web'],
    'no container has a port named web',
    'http (8080/tcp)',
  ],
  ['an unknown type', ['connect', 'server', 'deploi/web:80'], 'unknown type "deploi"', 'did you mean deploy/web?'],
  ['a type without a name', ['ping', 'server', 'pod'], '"pod" is a type', 'pod/pod'],
  ['an unknown pod', ['ping', 'servr', 'server'], 'pods "servr" not found', 'did you mean server?'],
  ['an unknown destination', ['ping', 'server', 'svc/apy'], 'services "apy" not found', 'did you mean svc/api?'],
  [
    'an unknown namespace',
    ['ping', 'nowhere-at-all/pod/x', '198.18.0.1'],
    'namespaces "nowhere-at-all" not found',
    undefined,
  ],
  [
    'a selector that matches nothing',
    ['ping', '-l', 'app=nobody', 'server'],
    /^error: No resources found in /,
    'no pod matches -l app=nobody',
  ],
  [
    'a destination selector that matches nothing',
    ['ping', 'server', '--to-selector', 'app=nobody'],
    /No resources found in /,
    'no pod matches --to-selector',
  ],
  ['a selector that is none', ['ping', '-l', 'app in', 'server'], 'the selector "app in" is not valid', '-l app=web'],
  ['an empty selector', ['ping', '-l', '', 'server'], 'the selector is empty', '-l app=web'],
  [
    'an unknown context',
    ['ping', '--context', 'no-such-context', 'server', 'server'],
    /context .*no-such-context.* (does|not)/,
    undefined,
  ],
  ['an unknown flag', ['ping', '--no-such-flag', 'server', 'server'], 'unknown flag: --no-such-flag', '--help'],
  ['an unknown command', ['pong', 'server', 'server'], 'unknown command "pong"', undefined],
  ['a command with a slip', ['png', 'server', 'server'], 'unknown command "png"', 'did you mean ping?'],
  ['a flag with a slip', ['ping', '--cuont', '1', 'a', 'b'], 'unknown flag: --cuont', 'did you mean --count?'],
  ['clean of one namespace and all', ['clean', '-A'], '--namespace and --all-namespaces exclude each other', undefined],
  ['a word too many', ['version', 'extra'], 'unexpected argument: extra', 'version --help'],
  ['a count of nothing', ['ping', '--count', '0', 'a', 'b'], 'invalid argument "0" for "--count" flag', 'ping --help'],
  ['no command for rbac', ['rbac'], 'missing argument: COMMAND (ping, connect', 'rbac --help'],
  [
    '--watch with an end',
    ['ping', 'a', 'b', '--watch', '--count', '3'],
    '--count and --watch exclude each other',
    undefined,
  ],
  ['-c with rights', ['ping', 'a', 'b', '-c', 'main', '--raw'], '-c adds nothing to the pod, so --raw', undefined],
  ['-c without a name', ['ping', 'a', 'b', '-c', ''], '-c is empty', undefined],
  [
    'a reason without end',
    ['ping', 'a', 'b', '--reason', 'x'.repeat(2000)],
    'for --reason: has 2000 characters',
    undefined,
  ],
  [
    'a bad duration',
    ['ping', '--timeout', '5 parsecs', 'server', 'server'],
    'invalid value "5 parsecs" for --timeout',
    '200ms',
  ],
  ['a bad number', ['ping', '--count', 'many', 'server', 'server'], /--count|integer/i, undefined],
  ['a count of zero', ['ping', '--count', '0', 'server', 'server'], /1/, undefined],
  ['a bad mode', ['ping', '--mode', 'most', 'server', 'server'], '"most" is no mode', 'one, all, random'],
  ['a bad format', ['ping', '-o', 'xml', 'server', 'server'], /invalid value "xml" for --output/, undefined],
  ['a bad loss', ['ping', '--max-loss', '101', 'server', 'server'], 'invalid value "101" for --max-loss', undefined],
  [
    'a verdict that cannot be ignored',
    ['ping', '--ignore', 'fail', 'server', 'server'],
    'invalid value "fail" for --ignore',
    'inconclusive',
  ],
  ['an address as source', ['ping', '198.18.0.1', 'server'], '"198.18.0.1" can not be a source', 'a pod, a workload'],
  ['a command of a shell', ['ping', 'server', '; rm -rf /'], /"; rm -rf \/"/, undefined],
  ['a substitution of a shell', ['connect', 'server', '$(id):80'], /"\$\(id\)"/, 'lower-case'],
  [
    'a flag of another program',
    ['ping', '--', 'server', '-oProxyCommand=id'],
    /"-oProxyCommand=id"/,
    'flags stand before --',
  ],
  ['a line break', ['ping', 'server', 'server\nserver'], /server\\nserver/, undefined],
  ['an empty payload', ['connect', 'server', 'udp://server:9', '--payload', ''], '--payload is empty', undefined],
  [
    'a payload that a capture cannot find',
    ['connect', 'server', 'udp://server:9', '--payload', 'x', '--udp-proof', 'capture'],
    '--payload cannot be chosen',
    'counters',
  ],
  [
    'a family that is left out',
    ['ping', 'server', '198.18.0.1', '--ip-families', 'ipv6'],
    'which --ip-families leaves out',
    undefined,
  ],
  [
    'a kubeconfig that is not there',
    ['ping', '--kubeconfig', '/nonexistent/config', 'server', 'server'],
    '/nonexistent/config',
    undefined,
  ],
];

function matcher(expected: string | RegExp): unknown {
  return typeof expected === 'string' ? expect.stringContaining(expected) : expect.stringMatching(expected);
}

describe('what is wrong is said in one line, with what to do, and exit code 2', () => {
  it.each(cases)('%s', async (_name, args, error, hint) => {
    const [verb = '', ...words] = args;
    const run = await netmachinery([verb, '-n', namespace, ...words]);
    const [first = '', second, ...more] = run.stderr.trimEnd().split('\n');
    expect(first).toEqual(matcher(error));
    expect(first).toMatch(/^error: \S/);
    if (hint !== undefined) expect(second).toEqual(matcher(hint));
    if (second !== undefined) expect(second).toMatch(/^hint: \S/);
    expect(more).toEqual([]);
    expect(run.stdout).toBe('');
    expect(run.exitCode).toBe(2);
  });
});

it('says that the API server cannot be reached in the words of kubectl, with exit code 3', async () => {
  const run = await netmachinery(['ping', '--server', 'https://127.0.0.1:1', '-n', namespace, 'server', 'server']);
  expect(run.exitCode).toBe(3);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain(
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
  );
  expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
});

it('needs no cluster to say what is wrong with the words', async () => {
  const run = await netmachinery(['ping', '--server', 'https://127.0.0.1:1', 'server', 'server:80']);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('ping has no ports');
});
