// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchers, netmachinery, onTerminal, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace, images, podManifest } from './kubectl.js';
import { filteredPod, serverPod, service } from './manifests.js';
import { behind, createRouted, shownLines } from './paths.js';
import { hintsOf, resultOf } from './results.js';

let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace('trace');
  await Promise.all([
    createRouted(namespace, 'source', 'other'),
    createReady(
      namespace,
      serverPod('server'),
      filteredPod('silent', 'input', ['iifname != "lo" udp dport != 53 drop', 'tcp dport 81 drop']),
      podManifest('busybox', { image: images.busybox, command: ['sleep', '1000000'] }),
    ),
  ]);
  await createReady(
    namespace,
    service('svc', { selector: { app: 'server' }, ports: [{ port: 80, targetPort: 8080 }] }),
  );
});
afterAll(() => deleteNamespace(namespace));

const trace = (...words: string[]) => report(['trace', '-n', namespace, ...words]);
/** A path that ends without an answer takes 3 s for each silent hop. */
const short = ['--max-hops', '1', '--count', '1'];

describe.concurrent('trace', () => {
  it('shows every hop of both families, with times and loss', async () => {
    const { exitCode, report: found } = await trace('source', behind.narrow.ipv4, behind.narrow.ipv6);
    expect(found.results.map(({ verdict, reason, hops }) => [verdict, reason, hops?.length])).toEqual([
      ['pass', 'Arrived', 3],
      ['pass', 'Arrived', 3],
    ]);
    const [ipv4, ipv6] = found.results;
    expect(ipv4?.hops?.map(({ hop, address }) => [hop, address]).slice(1)).toEqual([
      [2, behind.wide.ipv4],
      [3, behind.narrow.ipv4],
    ]);
    expect(ipv6?.hops?.[2]?.address).toBe(behind.narrow.ipv6);
    const last = ipv4?.hops?.at(-1);
    expect(last?.rttMs?.avg).toBeGreaterThan(0);
    expect(last?.sent).toBeGreaterThanOrEqual(3);
    expect(ipv4?.attempts).toBe(3);
    expect(exitCode).toBe(0);
  });

  it('asks each hop --count times', async () => {
    const { report: found } = await trace('source', behind.wide.ipv4, '--count', '2');
    expect(found.results[0]?.attempts).toBe(2);
    expect(found.results[0]?.hops?.at(-1)?.sent).toBeGreaterThanOrEqual(2);
  });

  it('gives up after --max-hops', async () => {
    const { exitCode, report: found } = await trace('source', behind.narrow.ipv4, '--max-hops', '2');
    const [result] = found.results;
    expect(result).toMatchObject({ verdict: 'fail', reason: 'NoReply', received: 0 });
    expect(result?.hops?.map(({ address }) => address)).not.toContain(behind.narrow.ipv4);
    expect(hintsOf(found, result)[0]).toContain('did not answer');
    expect(exitCode).toBe(1);
  });

  it('of a pod that drops datagrams does not arrive, and proves a deny with a control', async () => {
    const { report: found } = await trace('source', 'silent', ...short);
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'NoReply' });
    const deny = await trace('source', 'silent', ...short, '--expect', 'deny', '--control', 'destination');
    expect(deny.report.results[0]).toMatchObject({ verdict: 'pass', control: { reached: true } });
    const reached = await trace('source', 'server', ...short, '--expect', 'deny');
    expect(reached.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'Arrived' });
    expect(reached.exitCode).toBe(1);
  });

  it('says who says that a destination cannot be reached', async () => {
    const { report: found } = await trace('source', '198.18.211.77', '--count', '1', '--max-hops', '6');
    const [result] = found.results;
    expect(result).toMatchObject({ verdict: 'fail', reason: 'HostUnreachable', from: behind.wide.ipv4 });
    expect(result?.hops?.map(({ address }) => address).at(-1)).toBe(behind.wide.ipv4);
  });

  it('traces the endpoints of a Service, and notes that its address is silent', async () => {
    const { exitCode, report: found } = await trace('source', 'svc/svc');
    expect(found.results.map(({ destination, reason }) => [destination.name, reason])).toEqual([['server', 'Arrived']]);
    expect(found.warnings.join()).toContain('svc/svc: its virtual address');
    expect(exitCode).toBe(0);
  });

  it('traces ICMP by mtr without any right', async () => {
    const words = [behind.narrow.ipv4, behind.narrow.ipv6, '--protocol', 'icmp', '--count', '2'];
    const { report: found } = await trace('source', ...words);
    expect(found.results.map(({ reason, hops }) => [reason, hops?.length, hops?.at(-1)?.sent])).toEqual([
      ['Arrived', 3, 2],
      ['Arrived', 3, 2],
    ]);
  });

  it.each(['udp', 'tcp'])('traces %s by mtr with --raw', async (protocol) => {
    const words = [behind.narrow.ipv4, '--protocol', protocol, '--port', '81', '--raw', '--count', '2'];
    const { exitCode, report: found } = await trace('source', ...words);
    expect(found.results[0]).toMatchObject({ reason: 'Arrived' });
    expect(found.results[0]?.hops?.[1]?.address).toBe(behind.wide.ipv4);
    expect(exitCode).toBe(0);
  });

  it('of TCP to a port that is dropped does not arrive', async () => {
    const { report: found } = await trace('source', 'silent', '--protocol', 'tcp', '--port', '81', '--raw', ...short);
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'NoReply' });
    const open = await trace('source', 'silent', '--protocol', 'tcp', '--port', '8080', '--raw', ...short);
    expect(open.report.results[0]).toMatchObject({ verdict: 'pass', reason: 'Arrived' });
  });

  it('names the tool that is missing', async () => {
    const { exitCode, report: found } = await trace('busybox', 'server', '-c', 'main');
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'ToolMissing' });
    expect(found.results[0]?.message).toContain('tracepath');
    expect(exitCode).toBe(3);
  });
});

describe.concurrent('trace for people', () => {
  it('shows the hops under each destination, at 80 columns', async () => {
    const words = ['trace', '-n', namespace, 'source', behind.narrow.ipv6, 'server', '--color', 'never'];
    const { screen, exitCode } = await onTerminal([...launchers.executable, ...words], () => false, '', {
      columns: 80,
    });
    const lines = shownLines(screen);
    const shown = lines.join('\n');
    expect(shown).toMatch(/HOP +ADDRESS +AVG\/MIN\/MAX MS +LOSS/);
    expect(shown).toMatch(/ {2}3 +2001:2:0:d3::2 +\S+\/\S+\/\S+ +\d+%\n/);
    for (const line of lines.filter((each) => / (pass|HOP|\d+%)/.test(each))) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
    expect(exitCode).toBe(0);
  });

  it('names the source of each trace where there are several', async () => {
    const words = ['trace', '-n', namespace, '-l', 'app in (source,other)', '--mode', 'all', 'server'];
    const { stdout, exitCode } = await netmachinery(words);
    expect(stdout).toMatch(/^source → server/m);
    expect(stdout).toMatch(/^other → server/m);
    expect(exitCode).toBe(0);
  });

  it('writes the hops into -o wide and -o csv', async () => {
    for (const format of ['wide', 'csv']) {
      const { stdout } = await netmachinery(['trace', '-n', namespace, 'source', behind.wide.ipv4, '-o', format]);
      expect(stdout).toMatch(/2 198\.18\.210\.2 [\d.]+ ms/);
    }
  });

  it.each([
    [['source', 'server', '--protocol', 'tcp'], /--protocol tcp needs --raw/],
    [['source', 'server', '--protocol', 'udp', '--port', '53'], /--protocol udp needs --raw/],
    [['source', 'server', '--port', '53'], /--port is of use with/],
    [['source', 'server', '--protocol', 'icmp', '--port', '53'], /--port is of use with/],
    [['source', 'server:80'], /--port/],
    [['source', 'server', '--max-hops', '0'], /max-hops/],
  ])('%j is refused with exit code 2', async (words, text) => {
    const { exitCode, stdout, stderr } = await netmachinery(['trace', '-n', namespace, ...words]);
    expect(stderr).toMatch(text);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('one result is what it says it is', async () => {
    const { report: found } = await trace('source', 'server');
    expect(resultOf(found, { name: 'server' })).toMatchObject({ probe: 'trace', verdict: 'pass' });
    expect(found.command).toBe('trace');
  });
});
