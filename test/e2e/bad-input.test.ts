// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';
import { expectRefusal, type Refusal } from './refusal.js';

let namespace = '';
let folder = '';

/** Kubeconfig files by name. */
const kubeconfigs: Record<string, string> = {
  'text.yaml': 'not a kubeconfig',
  'binary.yaml': '\u0000\u0001\u0002\u001b]0;title\u0007',
  'half.yaml': '{"apiVersion": "v1", "clusters": [',
  'number.yaml': '{"clusters": 7}',
  'numbers.yaml': '{"clusters": [7]}',
  'nothing.yaml': '{"users": [null]}',
  'word.yaml': '{"contexts": [{"name": "x", "context": "y"}], "current-context": "x"}',
  'no-context.yaml': '{"current-context": "gone"}',
  'no-cluster.yaml': '{"contexts": [{"name": "x", "context": {"cluster": "gone"}}], "current-context": "x"}',
  'no-url.yaml':
    '{"clusters": [{"name": "x", "cluster": {"server": "https://a b"}}], "contexts": [{"name": "x", "context": {"cluster": "x"}}], "current-context": "x"}',
  'no-file.yaml':
    '{"clusters": [{"name": "x", "cluster": {"server": "https://127.0.0.1:1", "certificate-authority": "gone.crt"}}], "contexts": [{"name": "x", "context": {"cluster": "x"}}], "current-context": "x"}',
};

beforeAll(async () => {
  [namespace, folder] = await Promise.all([createNamespace('bad-input'), mkdtemp(join(tmpdir(), 'netmachinery-'))]);
  await mkdir(join(folder, 'folder.yaml'));
  await Promise.all(Object.entries(kubeconfigs).map(([name, text]) => writeFile(join(folder, name), text)));
  await createReady(namespace, serverPod('server'), serverPod('serves'), serverPod('db.example'));
});

// Whatever is wrong, it is found before any pod is touched.
afterAll(async () => {
  expect(await ephemeralContainers(namespace)).toEqual({});
  await expectNothingLeft(namespace);
  await deleteNamespace(namespace);
  await rm(folder, { recursive: true });
});

type Case = [name: string, words: string[], ...Refusal[]];
const usage = (error: Refusal['error'], hint?: Refusal['hint']): Refusal => ({ exitCode: 2, error, hint });

const words: Case[] = [
  [
    'a name that is nearly one of several',
    ['ping', 'server', 'servex'],
    usage('pods "servex" not found', /serve(s|r).* or /),
  ],
  ['a name that is nothing like any', ['ping', 'server', 'q'], usage('pods "q" not found', 'there is no pod/q')],
  ['one argument with a flag between', ['ping', '--count', '3', 'server'], usage('"server"', 'ping server DST')],
  [
    'a pod with a dot in its name, misspelt',
    ['ping', 'server', 'pod/db.exampel'],
    usage('pods "db.exampel" not found', 'did you mean db.example?'),
  ],
  [
    'an abbreviation of several types',
    ['ping', 'server', 's/server'],
    usage('unknown type "s"', /did you mean|types are/),
  ],
  ['a negative port', ['connect', 'server', 'server:-1'], usage('"-1" in "server:-1" is no port', '1 to 65535')],
  ['a port with a sign', ['connect', 'server', 'server:+80'], usage('"+80"', '1 to 65535')],
  ['a port of 20 digits', ['connect', 'server', 'server:99999999999999999999'], usage('is not between 1 and 65535')],
  ['a range of ports', ['connect', 'server', 'server:80-90'], usage('"80-90"', 'there are no ranges')],
  ['a port with a blank', ['connect', 'server', 'server: 80'], usage('" 80" in "server: 80" is no port')],
  ['a comma without a port', ['connect', 'server', 'server:80,'], usage('a port is missing', 'NAME:80,443')],
  ['two ports with colons', ['connect', 'server', 'server:80:90'], usage('neither an IPv6 address nor NAME:PORT')],
  ['a path behind a port', ['connect', 'server', 'tcp://server:80/path'], usage('"80/path"')],
  ['a URL', ['connect', 'server', 'http://server:80'], usage('unknown scheme', 'tcp://')],
  [
    'an IPv6 address whose port is part of it',
    ['connect', 'server', '2001:2::1:80'],
    usage('has no port', '[2001:2::1:80]'),
  ],
  ['a range of addresses', ['ping', 'server', '198.18.0.0/15'], usage('is a range of addresses', 'one address')],
  ['an address in an old form', ['ping', 'server', '127.1'], usage('neither an IPv4 address nor a host name')],
  ['an empty source', ['ping', '', 'server'], usage('a target is empty', 'variable')],
  ['an empty destination', ['ping', 'server', ''], usage('a target is empty', 'variable')],
  ['a namespace that is no name', ['ping', '-n', 'A B', 'server', 'server'], usage(/A B|not found|invalid/)],
  ['a negative count', ['ping', '--count', '-1', 'server', 'server'], usage(/count|-1/)],
  ['a count beyond all numbers', ['ping', '--count', '1e999', 'server', 'server'], usage(/count/)],
  ['a duration without a unit', ['ping', '--interval', '-5', 'server', 'server'], usage(/interval/)],
  [
    'more than everything may be lost',
    ['ping', '--max-loss', 'NaN', 'server', 'server'],
    usage('"NaN" for --max-loss'),
  ],
  ['no pod at all', ['ping', '--max-pods', '0', 'server', 'server'], usage(/max-pods/)],
  ['a flag without its value', ['ping', 'server', 'server', '--count'], usage(/--count/)],
  ['two contexts', ['ping', '--context', 'a', '--context', 'b', 'server', 'server'], usage(/context/)],
];

describe.concurrent('words that are wrong are refused in one line, with exit code 2:', () => {
  it.each(words)('%s', async (_name, [verb = '', ...rest], refusal) => {
    const ownNamespace = rest.includes('-n') ? [] : ['-n', namespace];
    expectRefusal(await netmachinery([verb, ...ownNamespace, ...rest]), refusal);
  });
});

describe.concurrent('a kubeconfig that is wrong is refused in one line, with exit code 2:', () => {
  it.each<[name: string, file: string, Refusal]>([
    ['text', 'text.yaml', usage('error loading config file')],
    ['binary data', 'binary.yaml', usage('error loading config file')],
    ['half a file', 'half.yaml', usage('error loading config file')],
    ['a number for a list', 'number.yaml', usage('clusters is not a list')],
    ['numbers for entries', 'numbers.yaml', usage('an entry of clusters has no name')],
    ['an entry that is null', 'nothing.yaml', usage('an entry of users has no name')],
    ['a word for an entry', 'word.yaml', usage('context "x" has no fields')],
    ['a folder', 'folder.yaml', usage('error loading config file')],
    ['a current context that is not there', 'no-context.yaml', usage('gone')],
    ['a cluster that is not there', 'no-cluster.yaml', usage('no server found for cluster "gone"')],
    ['a server that is no URL', 'no-url.yaml', usage('is not the URL of a server')],
    ['a file that is not there', 'no-file.yaml', usage(/unable to read certificate-authority .*gone\.crt/)],
  ])('%s', async (_name, file, refusal) => {
    const env = { KUBECONFIG: join(folder, file) };
    expectRefusal(await netmachinery(['ping', 'server', 'server'], { env }), refusal);
  });

  it('a missing one is skipped, and where no other is there, nothing names a server', async () => {
    const missing = join(folder, 'missing');
    const both = { KUBECONFIG: `${missing}:${process.env['KUBECONFIG'] ?? ''}` };
    const found = await netmachinery(['ping', '-n', namespace, 'server', 'nobody'], { env: both });
    expectRefusal(found, usage('pods "nobody" not found'));
    const alone = await netmachinery(['ping', 'server', 'server'], { env: { KUBECONFIG: missing } });
    const error = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?';
    expectRefusal(alone, { exitCode: 3, error, hint: '--kubeconfig' });
  });

  it('a missing one that --kubeconfig names is an error', async () => {
    const run = await netmachinery(['ping', '--kubeconfig', join(folder, 'missing'), 'server', 'server']);
    expectRefusal(run, usage(/^stat .*missing: no such file or directory$/));
  });
});
