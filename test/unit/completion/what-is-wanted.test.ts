// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOptionsOf } from '../../../src/completion/cluster-options.js';
import { isClassified } from '../../../src/completion/flag-values.js';
import { hasWords } from '../../../src/completion/positionals.js';
import { whatIsWanted } from '../../../src/completion/what-is-wanted.js';
import { targetKinds } from '../../../src/permissions/needs.js';
import { commandSurface } from '../../../src/surface/command-surface.js';

/** A line split at blanks: with one at its end the word that is completed is empty. */
const wanted = (line: string) => whatIsWanted(line.split(' '), commandSurface);

/** The words that are known without the cluster, of those that begin as the line ends. */
function words(line: string): string[] {
  const { wanted: found, start } = wanted(line);
  return found.offers.map(({ word }) => word).filter((word) => word.startsWith(start));
}

describe('command words', () => {
  it('are offered with their summaries, subcommands behind their command', () => {
    expect(words('')).toEqual(expect.arrayContaining(['ping', 'shape', 'completion', 'help']));
    expect(words('')).not.toContain('list');
    expect(wanted('pi').wanted.offers.find(({ word }) => word === 'ping')?.description).toMatch(/ICMP/);
    expect(words('shape ')).toEqual(expect.arrayContaining(['list', 'clear', 'pod/', 'deploy/']));
    expect(words('shape cl')).toEqual(['clear']);
    expect(words('shape pod/a cl')).toEqual([]);
    expect(words('help sha')).toEqual(['shape']);
    expect(words('help shape ')).toEqual(expect.arrayContaining(['list', 'clear']));
    expect(words('completion ')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish', 'powershell', 'install']));
    expect(words('conf')).toEqual(['config']);
    expect(words('config ')).toEqual(['view']);
    expect(words('help config ')).toEqual(['view']);
    expect(words('config view x ')).toEqual([]);
    expect(new Set(words('')).size).toBe(words('').length);
    expect(words('nonsense ')).toEqual([]);
    expect(words('nonsense c')).toEqual([]);
    expect(words('-')).toEqual(['--help']);
  });

  it('are offered where the first one is no command by itself', () => {
    expect(words('conf')).toEqual(['config']);
    expect(words('config ')).toEqual(['view']);
    expect(words('help config ')).toEqual(['view']);
    expect(words('config -')).toEqual([]);
    expect(words('help ').filter((word) => word === 'shape')).toEqual(['shape']);
  });

  it('of a companion stand behind -- of a shape, with their flags', () => {
    expect(words('shape pod/a --delay 1s -- p')).toEqual(['ping', 'preflight']);
    expect(words('shape pod/a --delay 1s -- ')).not.toContain('shape');
    expect(words('shape pod/a --delay 1s -- ping --cou')).toEqual(['--count']);
    expect(clusterOptionsOf(wanted('shape a -n shop --delay 1s -- ping ').lines)).toMatchObject({ namespace: 'shop' });
    expect(words('ping pod/a -- --cou')).toEqual([]);
  });
});

describe('names of flags', () => {
  it('are not offered once more, unless they may be repeated', () => {
    expect(words('ping --coun')).toEqual(['--count']);
    expect(words('ping --count 3 --coun')).toEqual([]);
    expect(words('ping --count=3 a --coun')).toEqual([]);
    expect(words('ping --as-group a --as-grou')).toEqual(['--as-group']);
    expect(words('shape --latency 1s --dela')).toEqual([]);
  });

  it('are not offered beside what excludes them', () => {
    expect(words('mesh --all')).toEqual(['--all-namespaces']);
    expect(words('mesh -n shop --all')).toEqual([]);
    expect(words('mesh -A --namesp')).toEqual([]);
    expect(words('shape --follow --deta')).toEqual([]);
  });

  it('have letters behind one hyphen', () => {
    expect(words('ping -')).toEqual(expect.arrayContaining(['-n', '-o', '--namespace', '-h', '--help']));
    expect(words('ping --')).not.toContain('-n');
    expect(words('ping -n')).toEqual(['-n']);
  });

  it('never are hidden', () => {
    for (const { id, flags, hidden } of commandSurface.values()) {
      if (hidden) continue;
      const offered = words(`${id.replaceAll(':', ' ')} --`);
      expect(offered).toEqual(expect.arrayContaining(['--help']));
      const shown = flags.filter((flag) => flag.hidden !== true).map(({ name }) => `--${name}`);
      expect(offered.filter((word) => word !== '--help').sort()).toEqual(shown.sort());
    }
  });
});

describe('values of flags', () => {
  it('are read however they are written', () => {
    for (const line of ['ping -o ju', 'ping --output ju', 'ping --output=ju', 'ping -o=ju']) {
      expect(words(line), line).toEqual(['junit']);
    }
    expect(words('ping -oju')).toEqual(['-ojunit']);
    expect(wanted('ping -n sh').wanted.lookup).toEqual({ of: 'names', kind: 'namespace' });
    expect(wanted('ping -nsh').wanted).toMatchObject({ lookup: { of: 'names', kind: 'namespace' }, before: '-n' });
    expect(wanted('mesh -wn ').wanted.lookup).toEqual({ of: 'names', kind: 'namespace' });
    expect(words('ping --raw=')).toEqual(['true', 'false']);
    expect(wanted('http a b --follow-redirects ').wanted.lookup).toMatchObject({ kind: 'pod' });
  });

  it('come one by one where there are several', () => {
    expect(words('ping --ignore ')).toEqual(['unsupported', 'inconclusive']);
    expect(words('ping --ignore unsupported,')).toEqual(['unsupported,inconclusive']);
    expect(words('dns --type A,C')).toEqual(['A,CNAME']);
    expect(wanted('shape a --peer svc/x,deploy/').wanted).toMatchObject({
      lookup: { of: 'names', kind: 'deployment' },
      before: 'svc/x,deploy/',
    });
    expect(words('rbac ping --targets ')).toEqual(expect.arrayContaining([...targetKinds]));
  });

  it('are looked up where they are known', () => {
    const lookup = (line: string) => wanted(line).wanted.lookup;
    expect(lookup('ping --context ')).toEqual({ of: 'contexts' });
    expect(lookup('ping --cluster ')).toEqual({ of: 'clusters' });
    expect(lookup('ping --user ')).toEqual({ of: 'users' });
    expect(lookup('rbac ping --user ')).toBeUndefined();
    expect(lookup('ping --from-node ')).toEqual({ of: 'names', kind: 'node' });
    expect(lookup('ping deploy/web svc/api -c ')).toMatchObject({ of: 'containers', object: { name: 'web' } });
    expect(lookup('ping deploy web svc/api -c ')).toMatchObject({ object: { kind: 'deployment', name: 'web' } });
    expect(lookup('ping -l app=web -c ')).toBeUndefined();
    expect(lookup('mesh -A --mesh ')).toEqual({ of: 'meshes', everywhere: true });
    expect(lookup('dns a b --server svc/')).toEqual({ of: 'names', kind: 'service' });
    expect(lookup('rbac ping --serviceaccount shop:')).toMatchObject({ kind: 'serviceaccount', namespace: 'shop' });
    expect(lookup('check --image-pull-secret ')).toEqual({ of: 'names', kind: 'namespace' });
    expect(lookup('check --image-pull-secret shop/')).toBeUndefined();
    expect(lookup('check install --image-pull-secret ')).toBeUndefined();
    expect(lookup('ping --timeout ')).toBeUndefined();
  });

  it('are files where files are meant', () => {
    for (const line of ['ping --kubeconfig ', 'run -f ', 'run --filename=a', 'ping --junit-file a', 'report ']) {
      expect(wanted(line).wanted.shell, line).toBe('files');
    }
    expect(wanted('completion install --dir /u').wanted.shell).toBe('folders');
    expect(wanted('report a.json ').wanted.shell).toBeUndefined();
    expect(wanted('report --diff a.json ').wanted.shell).toBe('files');
  });

  it('have been thought about, each of them', () => {
    const forgotten = [...commandSurface.values()].flatMap(({ id, flags }) =>
      flags.filter((flag) => !isClassified(id, flag)).map(({ name }) => `${id} --${name}`),
    );
    expect(forgotten).toEqual([]);
  });
});

describe('words that are no flags', () => {
  it('have been thought about, for each command', () => {
    const forgotten = [...commandSurface.values()].filter(({ id, usage, args }) => {
      const bare = usage.map((line) => line.slice(id.length).replace(/\[[^\]]*\]|-{1,2}[\w-]+ [A-Z]+/g, ''));
      return bare.some((line) => /\b[A-Z]{2,}\b/.test(line)) && !hasWords(id) && args.length === 0;
    });
    expect(forgotten.map(({ id }) => id)).toEqual([]);
  });

  it('are a source and destinations, or targets', () => {
    const lookup = (line: string) => wanted(line).wanted;
    expect(lookup('ping ')).toMatchObject({ lookup: { kind: 'pod' } });
    expect(lookup('ping deploy/')).toMatchObject({ lookup: { kind: 'deployment' }, before: 'deploy/', after: '' });
    expect(lookup('ping deploy ')).toMatchObject({ lookup: { kind: 'deployment' }, before: '' });
    expect(lookup('ping bank/sts/')).toMatchObject({ lookup: { kind: 'statefulset', namespace: 'bank' } });
    expect(words('ping bank/st')).toEqual(['bank/sts/']);
    expect(words('ping statef')).toEqual(['statefulset/']);
    expect(lookup('connect a pod/')).toMatchObject({ lookup: { kind: 'pod' }, after: ':' });
    expect(lookup('connect a svc/')).toMatchObject({ lookup: { kind: 'service' }, after: '', noSpace: true });
    expect(lookup('connect -l app=a svc/api:80,')).toMatchObject({
      lookup: { of: 'ports', object: { kind: 'service', name: 'api' }, named: false },
      before: 'svc/api:80,',
    });
    expect(lookup('connect a udp://bank/svc/api:d')).toMatchObject({
      lookup: { of: 'ports', object: { namespace: 'bank' }, named: true },
      before: 'udp://bank/svc/api:',
    });
    expect(lookup('ping a svc/api:').lookup).toBeUndefined();
    expect(words('http a ht')).toEqual(['http://', 'https://']);
    expect(lookup('mesh -A ').lookup).toBeUndefined();
    expect(lookup('shape clear -l app=a ').lookup).toBeUndefined();
    expect(lookup('shape clear pod/a ').taken).toEqual(['pod/a']);
  });

  it('are workloads where those are injected', () => {
    expect(words('inject d')).toEqual(expect.arrayContaining(['deploy/', 'ds/', 'disable']));
    expect(words('inject -n a p')).toEqual([]);
    expect(words('inject --recreate p')).toEqual(['pod/']);
    expect(words('inject -l app=a d')).toEqual(['deploy', 'ds']);
    expect(wanted('inject disable ').wanted.lookup).toMatchObject({ kind: 'networkprober' });
    expect(words('rbac pin')).toEqual(['ping']);
    expect(words('rbac ping ')).toEqual([]);
  });
});

it('takes whatever words there are', () => {
  const names = [...commandSurface.values()].flatMap(({ id, flags }) => [
    ...id.split(':'),
    ...flags.flatMap(({ name, char }) => [`--${name}`, `--${name}=`, ...(char === undefined ? [] : [`-${char}`])]),
  ]);
  const pieces = ['', '-', '--', 'deploy', 'svc/', 'a/b/', 'svc/api:', 'tcp://', '[', ',', 'host/', '=', '-n='];
  const word = fc.oneof(fc.constantFrom(...names, ...pieces), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
      const found = whatIsWanted(argv, commandSurface);
      clusterOptionsOf(found.lines);
      expect(Array.isArray(found.wanted.offers)).toBe(true);
    }),
  );
});
