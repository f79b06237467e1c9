// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { parseDestination, parseToSelector } from '../../../src/targets/destination-grammar.js';
import { refusal } from './refusal.js';

const ping = (word: string) => parseDestination(word, { verb: 'ping' });
const connect = (word: string) => parseDestination(word, { verb: 'connect' });

describe('what a word names', () => {
  test.each([
    ['web-0', { kind: 'pod', name: 'web-0' }],
    ['pod/web-0', { kind: 'pod', name: 'web-0' }],
    ['po/web.0', { kind: 'pod', name: 'web.0' }],
    ['deploy/web', { kind: 'deployment', name: 'web' }],
    ['deployments.apps/web', { kind: 'deployment', name: 'web' }],
    ['bank/pod/db-0', { kind: 'pod', namespace: 'bank', name: 'db-0' }],
    ['svc/api', { kind: 'service', name: 'api' }],
    ['node/worker-2.example', { kind: 'node', name: 'worker-2.example' }],
    ['198.18.102.1', { kind: 'ip', address: '198.18.102.1', family: 4 }],
    ['2001:2::1', { kind: 'ip', address: '2001:2::1', family: 6 }],
    ['[2001:2::A]', { kind: 'ip', address: '2001:2::a', family: 6 }],
    ['2001:2:0:0:0:0:0:1', { kind: 'ip', address: '2001:2::1', family: 6 }],
    ['64:ff9b::198.18.0.1', { kind: 'ip', address: '64:ff9b::c612:1', family: 6 }],
    ['::1', { kind: 'ip', address: '::1', family: 6 }],
    ['host/api', { kind: 'host', host: 'api' }],
    ['host/198.18.0.1', { kind: 'ip', address: '198.18.0.1', family: 4 }],
    ['host/2001:2::1', { kind: 'ip', address: '2001:2::1', family: 6 }],
    ['api.shop.svc', { kind: 'podOrHost', name: 'api.shop.svc' }],
    ['Example.COM', { kind: 'host', host: 'example.com' }],
    ['example.com.', { kind: 'host', host: 'example.com.' }],
    ['1234', { kind: 'pod', name: '1234' }],
  ])('%s', (word, target) => {
    expect(ping(word)).toEqual({ text: word, target, ports: [] });
  });
});

describe('ports and protocols', () => {
  test.each([
    ['web-0:80', [80], { kind: 'pod', name: 'web-0' }],
    ['svc/api:http', ['http'], { kind: 'service', name: 'api' }],
    ['svc/api', [], { kind: 'service', name: 'api' }],
    ['svc/api:80,443,https,80', [80, 443, 'https'], { kind: 'service', name: 'api' }],
    ['[2001:2::1]:80', [80], { kind: 'ip', address: '2001:2::1', family: 6 }],
    ['host/[2001:2::1]:80', [80], { kind: 'ip', address: '2001:2::1', family: 6 }],
    ['example.com:65535', [65535], { kind: 'podOrHost', name: 'example.com' }],
    ['example.com:http', ['http'], { kind: 'podOrHost', name: 'example.com' }],
    ['node/n:1', [1], { kind: 'node', name: 'n' }],
  ])('%s', (word, ports, target) => {
    expect(connect(word)).toEqual({ text: word, target, ports });
  });

  test('a scheme is stronger than the default protocol', () => {
    const options = { verb: 'connect', defaultProtocol: 'tcp' } as const;
    expect(parseDestination('udp://svc/dns:53', options)).toMatchObject({ protocol: 'udp', text: 'udp://svc/dns:53' });
    expect(parseDestination('TCP://[2001:2::1]:53', { ...options, defaultProtocol: 'udp' })).toMatchObject({
      protocol: 'tcp',
    });
    expect(parseDestination('svc/dns:53', { ...options, defaultProtocol: 'udp' })).toMatchObject({ protocol: 'udp' });
    expect(connect('svc/dns:53').protocol).toBeUndefined();
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'empty'],
    ['-x', 'hyphen'],
    ['--help', 'hyphen'],
    ['tcp://-x:80', 'hyphen'],
    ['pod/-x:80', 'can not be the name'],
    ['-n/pod/x:80', 'hyphen'],
    ['a/-pod/x:80', 'unknown type'],
    ['pod/$(id):80', 'can not be the name'],
    ['x;id:80', 'can not be the name'],
    ['x y:80', 'can not be the name'],
    ['x\ny:80', 'can not be the name'],
    ['Web:80', 'can not be the name'],
    ['pod/:80', 'a name is missing'],
    ['/x:80', 'unknown type'],
    ['a/b/c/d:80', 'too many slashes'],
    ['-a/x:80', 'hyphen'],
    ['Shop/pod/x:80', 'no namespace'],
    ['svc/api.shop:80', 'can not be the name'],
    ['host/-x:80', 'no host name'],
    ['host/a_b:80', 'no host name'],
    ['host/a..b:80', 'no host name'],
    ['bücher.example:80', 'no host name'],
    ['pod/x', 'has no port'],
    ['10.0.0.1', 'has no port'],
    ['node/n:http', 'a port name needs'],
    ['10.0.0.1:http', 'a port name needs'],
    ['x:0', 'between 1 and 65535'],
    ['x:65536', 'between 1 and 65535'],
    ['x:', 'a port is missing'],
    ['x:80,', 'a port is missing'],
    ['x:80-90', 'is no port'],
    ['x:-1', 'is no port'],
    ['svc/x:80:90', 'is no port'],
    ['x:80:90', 'neither an IPv6 address nor'],
    ['fe80::1%eth0', 'zone id'],
    ['[fe80::1%eth0]:80', 'zone id'],
    ['::ffff:198.18.0.1', 'mapped into IPv6'],
    ['[0:0:0:0:0:FFFF:c612:1]:80', 'mapped into IPv6'],
    ['[198.18.0.1]:80', 'do not hold an IPv6 address'],
    ['[2001:2::1', 'do not hold an IPv6 address'],
    ['[2001:2::1]80', 'do not hold an IPv6 address'],
    ['1.2.3:80', 'neither an IPv4 address nor a host name'],
    ['300.1.1.1:80', 'neither an IPv4 address nor a host name'],
    ['010.0.0.1:80', 'neither an IPv4 address nor a host name'],
    ['a.0x7f:80', 'neither an IPv4 address nor a host name'],
    ['http://x:80', 'unknown scheme'],
    ['tcp://', 'empty'],
  ])('%j', (word, message) => {
    expect(refusal(() => connect(word)).message).toContain(message);
  });

  test('hints lead on', () => {
    expect(refusal(() => ping('svc/x:80')).hint).toContain('connect SRC svc/x:80');
    expect(refusal(() => ping('udp://x')).hint).toContain('connect');
    expect(refusal(() => connect('depoy/web:80')).hint).toBe('did you mean deploy/web?');
    expect(refusal(() => connect('bank/db-0:80')).hint).toContain('bank/pod/db-0');
    expect(refusal(() => connect('pod/x')).hint).toBe('write pod/x:80');
    expect(refusal(() => connect('2001:2::1')).hint).toBe('write [2001:2::1]:80');
  });

  test('a long word does not flood the terminal', () => {
    expect(refusal(() => ping('x'.repeat(10_000))).message.length).toBeLessThan(200);
  });
});

describe('--to-selector', () => {
  test('a port follows the selector', () => {
    expect(parseToSelector('app=db,tier in (a,b):5432,http', { verb: 'connect' })).toEqual({
      text: 'app=db,tier in (a,b):5432,http',
      selector: 'app=db,tier in (a,b)',
      ports: [5432, 'http'],
    });
    expect(parseToSelector('udp://app=db:53', { verb: 'connect' })).toMatchObject({
      protocol: 'udp',
      selector: 'app=db',
    });
    expect(parseToSelector('app=db', { verb: 'ping' })).toMatchObject({ selector: 'app=db', ports: [] });
  });

  test('its refusals', () => {
    expect(refusal(() => parseToSelector('app=db', { verb: 'connect' })).hint).toContain('app=db:5432');
    expect(refusal(() => parseToSelector('app=db:80', { verb: 'ping' })).message).toContain('no ports');
    expect(refusal(() => parseToSelector(' ', { verb: 'ping' })).message).toContain('empty');
  });
});
