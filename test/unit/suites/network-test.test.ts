// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it, test } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { readSuites } from '../../../src/suites/read-suites.js';
import { mutated, mutations } from './mutations.js';
import { exampleFiles, networkTest, oneTest, read, wrongs } from './suites.js';

describe('a test', () => {
  it('has the defaults of the verbs', () => {
    expect(oneTest({})).toEqual({
      name: 'one',
      place: 'f.yaml:7:7',
      tags: [],
      sources: [{ kind: 'deployment', name: 'web', text: 'deploy/web' }],
      destinations: [{ text: 'svc/api:80', target: { kind: 'service', name: 'api' }, ports: [80], protocol: 'tcp' }],
      probe: { kind: 'connect' },
      expect: 'allow',
      conditions: [],
      control: { from: 'otherSources' },
      mode: 'one',
      maxLossPercent: 0,
      retries: 0,
      retryDelayMs: 3000,
      settleMs: 0,
    });
  });

  it('has all that it names', () => {
    const fields = {
      namespace: 'bank',
      tags: 'slow',
      probe: { ping: { count: 20, interval: '10ms', size: 1400, df: true, raw: true, timeout: '1s' } },
      to: ['deploy/api', '198.18.0.9'],
      expect: { verdict: 'allow', rttMs: { p95: '< 5', max: ['>= 1', '<= 9.5'] }, lossPercent: '<= 5' },
      mode: 3,
      ipFamilies: 'both',
      retries: 2,
      retryDelay: '500ms',
      settle: '1m30s',
      while: { shape: { delay: '100ms', loss: '1%', peers: ['svc/api', '198.18.0.0/16', 'x/pod/y'], mode: 'all' } },
    };
    expect(oneTest(fields)).toMatchObject({
      namespace: 'bank',
      tags: ['slow'],
      destinations: [{ target: { kind: 'deployment' }, ports: [] }, { target: { kind: 'ip', family: 4 } }],
      probe: {
        kind: 'ping',
        count: 20,
        intervalMs: 10,
        sizeBytes: 1400,
        dontFragment: true,
        raw: true,
        timeoutMs: 1000,
      },
      conditions: [
        { figure: 'rttMs.p95', comparison: '<', value: 5 },
        { figure: 'rttMs.max', comparison: '>=', value: 1 },
        { figure: 'rttMs.max', comparison: '<=', value: 9.5 },
        { figure: 'lossPercent', comparison: '<=', value: 5 },
      ],
      mode: 3,
      families: [4, 6],
      // A condition says how much loss is too much.
      maxLossPercent: 100,
      retries: 2,
      retryDelayMs: 500,
      settleMs: 90_000,
      while: {
        mode: 'all',
        effects: { delay: '100ms', loss: '1%' },
        direction: 'egress',
        peers: ['bank/service/api', '198.18.0.0/16', 'x/pod/y'],
      },
    });
  });

  it.each([
    ['deploy/api', undefined, { kind: 'ping' }],
    ['svc/api', undefined, { kind: 'ping' }],
    ['svc/api:80', undefined, { kind: 'connect' }],
    ['tcp://svc/api', undefined, { kind: 'connect' }],
    ['[2001:2::1]:80', undefined, { kind: 'connect' }],
    ['2001:2::1', undefined, { kind: 'ping' }],
    ['svc/api', 'connect', { kind: 'connect' }],
    ['deploy/api', { mtu: { maxSize: 1500, expectMtu: '1400' } }, { kind: 'mtu', maxBytes: 1500, expectedMtu: 1400 }],
    ['deploy/api', { trace: null }, { kind: 'trace' }],
    [
      'api.shop',
      { dns: { types: 'AAAA', expectRcode: 'NXDOMAIN' } },
      { kind: 'dns', names: ['api.shop'], types: ['AAAA'], rcode: 'NXDOMAIN' },
    ],
    [
      'http://api.shop/x',
      { http: { expectStatus: '2xx', headers: { Host: 'x' } } },
      { kind: 'http', status: '2xx', headers: { Host: 'x' } },
    ],
  ])('%s, probe %j', (to, probe, expected) => {
    expect(oneTest({ to, ...(probe === undefined ? {} : { probe }) }).probe).toEqual(expected);
  });

  it.each([
    [
      { selector: 'app=db', ports: [80, 'http'] },
      { selector: 'app=db', ports: [80, 'http'], protocol: 'tcp' },
    ],
    [
      { selector: { matchLabels: { a: 'b' } }, namespaces: 'x', ports: 53, protocol: 'udp' },
      { selector: 'a=b', namespaces: ['x'], ports: [53], protocol: 'udp' },
    ],
    [
      { selector: {}, namespaceSelector: {}, ports: 1 },
      { selector: '', namespaceSelector: '', text: 'all pods of all namespaces' },
    ],
    ['pod web-0:80', { target: { kind: 'pod', name: 'web-0' }, ports: [80], text: 'pod/web-0:80' }],
  ])('to %j', (to, expected) => {
    expect(oneTest({ to }).destinations).toMatchObject([expected]);
  });

  it('knows the short names of figures', () => {
    const test = oneTest({ to: 'http://api/', probe: 'http', expect: { status: 200, 'http.phases.totalMs': '< 5' } });
    expect(test.conditions.map(({ figure }) => figure)).toEqual(['http.status', 'http.phases.totalMs']);
  });

  it('has a control only where it is denied', () => {
    const defaults = { control: 'deploy/x' };
    const tests = [
      { name: 'a', from: 'web', to: 'api:80', expect: 'deny' },
      { name: 'b', from: 'web', to: 'api:80' },
      { name: 'c', from: 'web', to: 'api:80', expect: 'deny', control: 'none' },
    ];
    const [suite] = read(networkTest({ defaults, tests }, { namespace: 'shop' })).suites;
    expect(suite?.tests.map(({ control }) => control.from)).toEqual(['source', 'otherSources', 'none']);
    expect(suite?.tests[0]?.control).toMatchObject({ spec: { kind: 'deployment', namespace: 'shop', name: 'x' } });
  });
});

describe('defaults', () => {
  const suite = (defaults: object, ...tests: object[]) => {
    const named = tests.map((one, index) => ({ name: String(index), from: 'web', to: 'api:80', ...one }));
    return read(networkTest({ defaults, tests: named }, { name: 's', namespace: 'shop' })).suites[0]?.tests ?? [];
  };

  it("are weaker than a test's own settings; tags add up", () => {
    const tests = suite(
      { tags: ['a'], retries: 1, settle: '1s' },
      {},
      { tags: ['b', 'a'], retries: 0, namespace: 'x' },
    );
    expect(tests).toMatchObject([
      { tags: ['a'], retries: 1, settleMs: 1000, namespace: 'shop' },
      { tags: ['a', 'b'], retries: 0, settleMs: 1000, namespace: 'x' },
    ]);
  });

  it('of one probe choose it; of several they are parameters', () => {
    const one = suite(
      { probe: { connect: { attempts: 5 } } },
      {},
      { probe: { connect: { tls: true } } },
      { probe: 'mtu', to: 'x' },
    );
    expect(one.map(({ probe }) => probe)).toEqual([
      { kind: 'connect', attempts: 5 },
      { kind: 'connect', attempts: 5, tls: true },
      { kind: 'mtu' },
    ]);
    const several = suite({ probe: { connect: { attempts: 5 }, ping: { count: 9 } } }, {}, { to: 'x' });
    expect(several.map(({ probe }) => probe)).toEqual([
      { kind: 'connect', attempts: 5 },
      { kind: 'ping', count: 9 },
    ]);
  });

  it('that are wrong for all tests are told once', () => {
    const lines = wrongs(() => suite({ expect: { rttMs: { p95: 1 } } }, {}, {}, {}));
    expect(lines).toHaveLength(1);
  });
});

describe('variables', () => {
  const text = networkTest({
    variables: { port: 80, host: { fromEnv: 'HOST', default: 'db' }, needed: {}, n: '3' },
    tests: [{ name: 'to ${host} $${port}', from: 'web', to: '${host}:${port}', retries: '${n}', tags: ['${needed}'] }],
  });
  const first = (set: Record<string, string>, environment = {}) => read(text, set, environment).suites[0]?.tests[0];

  it('--set is stronger than the environment, and that than a default', () => {
    expect(first({ needed: 'x' })).toMatchObject({ name: 'to db ${port}', tags: ['x'], retries: 3 });
    expect(first({ needed: 'x' }, { HOST: 'env', port: '1' })?.destinations).toMatchObject([{ text: 'env:80' }]);
    expect(first({ needed: 'x', host: 'set', port: '81' }, { HOST: 'env' })?.destinations).toMatchObject([
      { text: 'set:81' },
    ]);
  });

  it('a value is taken as it is', () => {
    expect(first({ needed: 'x', host: 'a' })?.name).toBe('to a ${port}');
    expect(wrongs(() => first({ needed: '${port}' }))).toEqual([expect.stringContaining('"${port}" can not be a tag')]);
  });

  it.each([
    [{}, /spec\.variables\.needed: has no value \(give --set needed=VALUE, or write a default\)/],
    [{ needed: 'x', por: '1' }, /^--set por: no file declares this variable \(did you mean port\?\)$/],
  ])('--set %j', (set, expected) => {
    expect(wrongs(() => read(text, set)).join('\n')).toMatch(expected);
  });
});

describe('a matrix', () => {
  const groups = { web: 'deploy/web', db: 'bank/sts/db:5432', outside: '198.18.0.9' };
  const tests = (matrix: object) =>
    (read(networkTest({ matrix: { groups, ...matrix } })).suites[0]?.tests ?? []).map(
      ({ name, expect: expected }) => `${name} ${expected}`,
    );

  it('is every group to every other, and addresses only receive', () => {
    expect(tests({ ports: [80] })).toEqual([
      'web to db:5432 allow',
      'web to outside:80 allow',
      'db to web:80 allow',
      'db to outside:80 allow',
    ]);
  });

  it('has exceptions, of some ports or of all', () => {
    const exceptions = [
      { from: 'web', to: ['db', 'outside'], expect: 'allow' },
      { from: 'db', to: 'web', ports: 443, expect: 'allow' },
      { from: 'db', to: 'web', ports: 22, expect: 'allow' },
    ];
    expect(tests({ name: 'm', ports: [80, 443], default: 'deny', exceptions })).toEqual([
      'm: web to db:5432 allow',
      'm: web to outside:80,443 allow',
      'm: db to web:80 deny',
      'm: db to web:443 allow',
      'm: db to web:22 allow',
      'm: db to outside:80,443 deny',
    ]);
  });

  it('pings where there are no ports, and itself where it is asked to', () => {
    const matrix = {
      groups: { web: 'deploy/web', labels: { selector: 'app=x' } },
      self: true,
    };
    const [suite] = read(networkTest({ matrix })).suites;
    expect(suite?.tests.map(({ name, probe, mode }) => [name, probe.kind, mode])).toEqual([
      ['web to web', 'ping', 'all'],
      ['web to labels', 'ping', 'all'],
      ['labels to web', 'ping', 'all'],
      ['labels to labels', 'ping', 'all'],
    ]);
  });

  it('names its sources without ports', () => {
    const [, test] =
      read(networkTest({ matrix: { groups: { a: 'web:80', b: 'svc/db:5432' } } })).suites[0]?.tests ?? [];
    expect(test?.sources).toEqual([{ kind: 'service', name: 'db', text: 'svc/db' }]);
  });
});

test('the period, the name and the description', () => {
  const spec = { description: 'x', frequency: '1m', tests: [{ name: 'a', from: 'web', to: 'api' }] };
  expect(read(networkTest(spec)).suites[0]).toMatchObject({ name: 'suite', periodMs: 60_000, format: 'NetworkTest' });
  expect(read(networkTest(spec, {})).suites[0]?.name).toBe('f');
});

test('suites of one name in two files are told', () => {
  const text = networkTest({ tests: [{ name: 'a', from: 'web', to: 'api' }] });
  const texts = ['a.yaml', 'b.yaml'].map((name) => ({
    name,
    text: `${text}---\n${text.replace('name: a', 'name: b')}`,
  }));
  const { suites, warnings } = readSuites(texts, { set: {}, environment: {} });
  expect(suites).toHaveLength(4);
  expect(warnings).toEqual(['a.yaml, b.yaml: suites of one name, "suite": readers of JUnit take them for one']);
});

test('merge keys and lists of objects are taken', () => {
  const text = `
apiVersion: v1
kind: List
items:
  - apiVersion: netmachinery.io/v1
    kind: NetworkTest
    spec:
      tests:
        - &one { name: one, from: web, to: api }
        - { <<: *one, name: two, retires: 1 }
`;
  expect(wrongs(() => read(text))).toEqual([
    'f.yaml:10:34: items[0].spec.tests[1]: unknown field "retires" (did you mean retries?)',
  ]);
});

test('whatever a file says, it is taken or refused', () => {
  const documents = Object.values(exampleFiles).flatMap((text) => text.split(/^---$/m).map((part) => load(part)));
  fc.assert(
    fc.property(fc.constantFrom(...documents.filter(Boolean)), mutations, (document, mutation) => {
      try {
        expect(read(JSON.stringify(mutated(document, mutation)) || '1').suites.length).toBeGreaterThan(0);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Failure);
        const { code, message, hint = '', remedy = '' } = thrown as Failure;
        expect(code, message).toBe('usage');
        expect(`${message}${hint}${remedy.replaceAll('\n', '')}`).not.toMatch(/\p{C}/u);
      }
    }),
    { numRuns: 1500 },
  );
});
