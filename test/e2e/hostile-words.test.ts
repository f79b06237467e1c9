// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, kubectl, podManifest } from './kubectl.js';
import { ephemeralContainers, serverPod } from './manifests.js';
import { expectNothingLeft } from './nothing-left.js';
import { resultOf } from './results.js';

let namespace = '';
/** A file that appears, here or in a pod, when a shell has evaluated one of the words. */
const canary = `/tmp/canary-${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  namespace = await createNamespace('hostile-words');
  await createReady(
    namespace,
    serverPod('server'),
    serverPod('db.example'),
    podManifest('untouched'),
    podManifest('source'),
    podManifest('image'),
  );
});

afterAll(async () => {
  await expectNothingLeft(namespace, 'source');
  await deleteNamespace(namespace);
});

const hostile: [name: string, word: string][] = [
  ['a command behind a semicolon', `; touch ${canary}`],
  ['a command in a substitution', `$(touch ${canary})`],
  ['a command in backquotes', `\`touch ${canary}\``],
  ['a command behind a quote', `'; touch ${canary}; '`],
  ['a command on the next line', `server\ntouch ${canary}`],
  ['a pipe', `server|touch ${canary}`],
  ['an option of ssh', `-oProxyCommand=touch ${canary}`],
  ['an option of ping', '-f'],
  ['a lone hyphen', '-'],
  ['a variable', '$HOME'],
  ['a pattern', '*'],
  ['a path', '../../../etc/passwd'],
  ['an encoded path', '..%2f..%2fsecrets'],
  ['a query', 'server?dryRun=All'],
  ['a format', '%s%n%x'],
  ['a blank', ' '],
  ['nothing', ''],
  ['what drives a terminal', '\u001b]0;title\u0007\u001b[2J'],
  ['what turns text round', 'server\u202egnp'],
  ['letters of another script', 'sërver'],
  ['a picture', '🦆'],
  ['300 characters', 'a'.repeat(300)],
  ['10,000 characters', 'a.'.repeat(5000)],
];

/** Everywhere that a word may be a target or a part of one. Behind `--`, where our own parser takes no word for a flag. */
function asTarget(word: string): string[][] {
  const here = ['-n', namespace, '--'];
  return [
    ['ping', ...here, word, 'server'],
    ['ping', ...here, 'untouched', word],
    ['ping', ...here, 'untouched', `host/${word}`],
    ['ping', ...here, 'untouched', `${word}/pod/server`],
    ['connect', ...here, 'untouched', `udp://${word}:53`],
    ['connect', ...here, 'untouched', `server:${word}`],
  ];
}

/** Every flag whose value goes into a request, and the place of a command. An empty value is none to some of them. */
function asFlag(word: string): string[][] {
  const here = ['-n', namespace];
  return [
    ['ping', `--namespace=${word}`, 'untouched', 'server'],
    ['ping', ...here, `--selector=${word}=`, 'server'],
    ['ping', ...here, 'untouched', `--to-selector=${word}=`],
    ['ping', ...here, `--from-node=${word}`, 'untouched', 'server'],
    ['ping', ...here, `--control=${word}`, '--expect=deny', 'untouched', 'server'],
    ['ping', ...here, `--container=${word}`, 'untouched', 'server'],
    ['ping', ...here, `--context=${word}`, 'untouched', 'server'],
    ['ping', ...here, `--mode=${word}`, 'untouched', 'server'],
    [word.replace(/^-+/, 'x'), ...here, 'untouched', 'server'],
  ];
}

async function expectRefused(commands: string[][]): Promise<void> {
  for (const args of commands) {
    const { exitCode, stdout, stderr } = await netmachinery(args);
    const said = `${JSON.stringify(args).slice(0, 300)}: ${stderr}`;
    expect(stdout, said).toBe('');
    expect(exitCode, said).toBe(2);
    expect(stderr, said).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/);

    expect(stderr.replaceAll('\n', ''), said).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(stderr.length, said).toBeLessThan(2000);
  }
}

describe('a word is refused in one line without its control characters, and evaluated nowhere:', () => {
  it.concurrent.each(hostile)('%s, as a target', (_name, word) => expectRefused(asTarget(word)));

  const values = hostile.filter(([, word]) => /touch|\u001b|\u202e|\.\.|^-f|^a/.test(word));
  it.concurrent.each(values)('%s, as a value of a flag', (_name, word) => expectRefused(asFlag(word)));

  afterAll(async () => {
    expect(await ephemeralContainers(namespace)).not.toHaveProperty('untouched');
    await expect(access(canary)).rejects.toThrow('ENOENT');
  });
});

const everything = `"' $(touch ${canary}) $(HOSTNAME) $HOME \`id\`; %s \\x00 \\n é🦆 -f`;

describe('text that may be anything', () => {
  it('is kept as it is as a reason, in the specification of the tool container', async () => {
    const flags = ['--reason', everything, '--count', '2', '--interval', '20ms'];
    const { exitCode, stderr } = await netmachinery(['ping', '-n', namespace, 'source', 'server', ...flags]);
    expect(stderr).toMatch(/^Note: /);
    expect(exitCode).toBe(0);
    const value = 'jsonpath={.spec.ephemeralContainers[0].env[?(@.name=="NETMACHINERY_REASON")].value}';
    expect(await kubectl(['get', 'pod', '-n', namespace, 'source', '-o', value])).toBe(everything);
  });

  it('is sent as it is as a payload, which comes back', async () => {
    const words = ['connect', '-n', namespace, 'source', 'udp://server:9000', '--payload', everything];
    const { exitCode, report: found } = await report(words);
    expect(found.results[0]).toMatchObject({ verdict: 'pass', reason: 'Answered' });
    expect(exitCode).toBe(0);
    const inside = ['exec', '-n', namespace, 'source', '-c', 'netmachinery-1', '--'];
    await expect(kubectl([...inside, 'ls', canary])).rejects.toThrow('No such file');
    await expect(access(canary)).rejects.toThrow('ENOENT');
  });

  it('is no image', async () => {
    const words = ['ping', '-n', namespace, 'image', 'server', '--image', `$(touch ${canary})`];
    const { exitCode, stderr } = await netmachinery(words);
    expect(stderr).toBe(`error: invalid value "$(touch ${canary})" for --image: not the name of an image\n`);
    expect(exitCode).toBe(2);
  });
});

it('a word with a dot is the pod of that name where there is one, else a host', async () => {
  const words = ['connect', '-n', namespace, 'source', 'db.example:8080', 'nodb.example:8080', '--attempts', '1'];
  const { report: found } = await report(words);
  expect(resultOf(found, { ref: 'db.example:8080' })).toMatchObject({ verdict: 'pass', destination: { kind: 'pod' } });
  expect(resultOf(found, { ref: 'nodb.example:8080' })).toMatchObject({
    reason: 'NameNotFound',
    destination: { kind: 'host' },
  });
});
