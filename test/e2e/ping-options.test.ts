// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podGateway } from '../cluster/addresses.js';
import { netmachinery, report } from './cli.js';
import { createNamespace, createReady, deleteNamespace } from './kubectl.js';
import { filteredPod, prepared, serverPod } from './manifests.js';
import { resultOf } from './results.js';

let namespace = '';
const quick = ['--count', '2', '--interval', '20ms'];

beforeAll(async () => {
  namespace = await createNamespace('ping-options');
  await createReady(
    namespace,
    serverPod('source'),
    serverPod('server'),
    // Answers echo requests of 1000 bytes of payload (1008 with the ICMP header) and no others.
    filteredPod('thousand', 'input', ['icmp type echo-request meta length != 1028 drop']),
    // Answers only what was sent with a hop limit of 7, and what may not be fragmented, respectively.
    filteredPod('seven', 'input', ['icmp type echo-request ip ttl != 7 drop']),
    filteredPod('whole', 'input', ['icmp type echo-request ip frag-off & 0x4000 == 0 drop']),
    // The route back to the source is narrow, and so is the one to it.
    serverPod('narrow', { spec: prepared(`ip route replace default via ${podGateway} dev eth0 mtu lock 1300`) }),
  );
});
afterAll(() => deleteNamespace(namespace));

const ping = (...words: string[]) => report(['ping', '-n', namespace, ...words]);
const brief = ['--connect-timeout', '500ms'];

describe.concurrent('ping', () => {
  it('sends --count echoes --interval apart', async () => {
    const { report: found, ms } = await ping('source', 'server', '--count', '7', '--interval', '100ms');
    expect(resultOf(found, { name: 'server' })).toMatchObject({ sent: 7, received: 7, attempts: 7 });
    expect(ms).toBeGreaterThanOrEqual(600);
  });

  it('sends --size bytes', async () => {
    const right = await ping('source', 'thousand', ...quick, '--size', '1000');
    expect(right.report.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
    const wrong = await ping('source', 'thousand', ...quick, ...brief, '--size', '999');
    expect(wrong.report.results[0]).toMatchObject({ verdict: 'fail', received: 0 });
  });

  it('sends with a hop limit of --ttl', async () => {
    const right = await ping('source', 'seven', ...quick, '--ttl', '7');
    expect(right.report.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
    const wrong = await ping('source', 'seven', ...quick, ...brief, '--ttl', '8');
    expect(wrong.report.results[0]).toMatchObject({ verdict: 'fail', reason: 'NoReply' });
  });

  it('says where the hop limit was exceeded, in both families', async () => {
    const far = ['198.18.100.77', '2001:2:0:1801::77'];
    const { exitCode, report: found } = await ping('source', ...far, ...quick, '--ttl', '1', '--ip-families', 'both');
    expect(found.results.map(({ reason, from }) => [reason, from])).toEqual([
      ['TimeExceeded', podGateway],
      ['TimeExceeded', '2001:2:0:1901::1'],
    ]);
    expect(exitCode).toBe(1);
  });

  it('sets the bit of --df', async () => {
    const withBit = await ping('source', 'whole', ...quick, '--df');
    expect(withBit.report.results[0]).toMatchObject({ verdict: 'pass', received: 2 });
  });

  it("says what fits with --df, at the source's own device", async () => {
    const fits = await ping('source', 'server', ...quick, '--df', '--size', '1472');
    expect(fits.exitCode).toBe(0);
    const { exitCode, report: found } = await ping('source', 'server', ...quick, '--df', '--size', '1473');
    expect(found.results[0]).toMatchObject({ verdict: 'fail', reason: 'MessageTooLong', nextMtu: 1500, received: 0 });
    expect(found.hints[0]?.text).toContain('--size 1472 over IPv4');
    expect(exitCode).toBe(1);
  });

  it("says what fits with --df, on the source's route", async () => {
    const words = ['narrow', 'node/node1', ...quick, '--df', '--size'];
    const fits = await ping(...words, '1272');
    expect(fits.exitCode).toBe(0);
    const { report: found } = await ping(...words, '1273');
    expect(found.results[0]).toMatchObject({ reason: 'MessageTooLong', nextMtu: 1300 });
  });

  it('ends at the --deadline with what was sent by then', async () => {
    const { exitCode, report: found, ms } = await ping('source', 'server', '--count', '1000', '--deadline', '500ms');
    const { sent = 0, received } = resultOf(found, { name: 'server' });
    expect(sent).toBe(3);
    expect(received).toBe(3);
    // A thousand would take 200 s.
    expect(ms).toBeLessThan(20_000);
    expect(exitCode).toBe(0);
  });

  it('ends at the --timeout of the run, which is no verdict on the network', async () => {
    const endless = ['--count', '1000', '--timeout', '1s'];
    const { exitCode, report: found, ms } = await ping('source', 'server', ...endless);
    expect(found.results[0]).toMatchObject({ verdict: 'error', reason: 'DeadlineExceeded' });
    expect(ms).toBeLessThan(10_000);
    expect(exitCode).toBe(3);
  });
});

describe.concurrent('ping refuses', () => {
  it.each([
    [['source', 'server:80'], /connect/],
    [['source', 'server', '--max-loss', '101'], /--max-loss/],
    [['source', 'server', '--interval', '1ms'], /--interval/],
    [['source', 'server', '--ttl', '0'], /ttl/],
    [['source'], /destination/],
    [['source', 'nobody'], /"nobody" not found/],
    [['nobody', 'server'], /"nobody" not found/],
    [['-l', 'app=nobody', 'server'], /app=nobody/],
    [['source', 'server', '--mode', 'some'], /mode/],
    [['source', 'server', '--ignore', 'fail'], /--ignore/],
  ])('%j with exit code 2', async (words, text) => {
    const { exitCode, stdout, stderr } = await netmachinery(['ping', '-n', namespace, ...words]);
    expect(stderr).toMatch(text);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
