// SPDX-License-Identifier: Apache-2.0
import { dump } from 'js-yaml';
import { describe, expect, it, test } from 'vitest';
import { exampleFiles, read, wrongs } from './suites.js';

const seed = (kind: string, spec: object, more: object = {}) =>
  dump({ apiVersion: 'networkmachinery.io/v1alpha1', kind, metadata: { name: 'cr', uid: 'x' }, spec, ...more });
const source = { namespace: 'shop', name: 'web-0', container: '' };

describe('NetworkConnectivityTest', () => {
  const suiteOf = (spec: object, more: object = {}) => read(seed('NetworkConnectivityTest', { source, ...spec }, more));

  it('layer 3 is three pings of each destination', () => {
    const { suites, warnings } = suiteOf({
      layer: '3',
      frequency: '2s',
      destinations: [
        { kind: 'ip', ip: '198.18.0.9' },
        { kind: 'pod', name: 'db-0', namespace: 'bank' },
        { kind: 'service', name: 'api', namespace: 'shop' },
        { kind: 'node', name: 'node1' },
        { kind: 'selector', namespace: 'shop', destinationSelector: { matchLabels: { app: 'api' } } },
        { kind: 'pod', name: 'db-0', namespace: 'bank' },
      ],
    });
    expect(warnings).toEqual([]);
    expect(suites[0]).toMatchObject({ name: 'cr', periodMs: 2000, format: 'NetworkConnectivityTest' });
    const tests = suites[0]?.tests ?? [];
    expect(tests.every(({ probe }) => probe.kind === 'ping' && probe.count === 3)).toBe(true);
    expect(tests.map(({ name }) => name)).toEqual([
      'shop/pod/web-0 to 198.18.0.9',
      'shop/pod/web-0 to bank/pod/db-0',
      'shop/pod/web-0 to shop/svc/api',
      'shop/pod/web-0 to node/node1',
      'shop/pod/web-0 to pods with app=api of shop',
      'shop/pod/web-0 to bank/pod/db-0 (2)',
    ]);
    expect(tests[4]?.destinations).toMatchObject([
      { kind: 'pods', selector: 'app=api', namespaces: ['shop'], ports: [] },
    ]);
  });

  it('layer 4 is a TCP connect', () => {
    const { suites } = suiteOf({ layer: '4', destinations: [{ kind: 'ip', ip: '2001:2::1', port: '53' }] });
    expect(suites[0]?.tests).toMatchObject([
      {
        probe: { kind: 'connect', protocol: 'tcp' },
        destinations: [{ text: '[2001:2::1]:53', target: { kind: 'ip', family: 6 }, ports: [53], protocol: 'tcp' }],
      },
    ]);
  });

  it('sourceSelector is all pods that it matches in its namespace', () => {
    const sourceSelector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] };
    const { suites } = suiteOf({
      layer: '3',
      source: { namespace: 'shop', sourceSelector },
      destinations: [{ kind: 'ip', ip: '198.18.0.9' }],
    });
    expect(suites[0]?.tests[0]).toMatchObject({
      mode: 'all',
      sources: [{ kind: 'pods', selector: 'app in (web,api)', namespaces: ['shop'] }],
    });
  });

  it('what was never read is told, metadata and status are ignored', () => {
    const destination = { kind: 'pod', name: 'db-0', namespace: 'bank', node: 'x', container: 'y', ip: '' };
    const { warnings } = suiteOf(
      { layer: '3', source: { ...source, kind: 'pod', container: 'z' }, destinations: [destination] },
      { status: { testStatus: { anything: 1 } } },
    );
    expect(warnings.map((warning) => warning.split(': ')[1])).toEqual([
      'spec.source.kind',
      'spec.source.container',
      'spec.destinations[0].node',
      'spec.destinations[0].container',
    ]);
  });

  it.each([
    [{ layer: '3', destinations: [{ kind: 'ip', ip: '198.18.0.9', port: '80' }] }, 'layer 3 has no port'],
    [{ layer: '4', destinations: [{ kind: 'ip', ip: '198.18.0.9' }] }, 'layer 4 needs a port'],
    [{ layer: '4', destinations: [{ kind: 'ip', ip: '198.18.0.9', port: 'http' }] }, 'no named ports'],
    [{ layer: '3', destinations: [{ kind: 'pod', ip: '10.1.2.24' }] }, 'destinations[0].name: is needed'],
    [{ layer: '3', destinations: [{ kind: 'ip', ip: '$(reboot)' }] }, 'no host name'],
    [{ layer: 3, destinations: [] }, 'write it in quotes: layer: "3"'],
  ])('%j is refused', (spec, why) => {
    expect(wrongs(() => suiteOf(spec)).join('\n')).toContain(why);
  });
});

describe('NetworkDelayTest', () => {
  const testsOf = (protocol: string, ...destinations: object[]) =>
    read(seed('NetworkDelayTest', { protocol, source, destinations })).suites[0]?.tests ?? [];

  it('measures TCP round trips by connects, to a port that the pod declares', () => {
    const tests = testsOf(
      'tcp',
      { kind: 'pod', name: 'db-0', namespace: 'bank' },
      { kind: 'pod', name: 'db-0', namespace: 'bank', port: '5432' },
      { kind: 'node', name: 'node2' },
      { kind: 'node' },
      { kind: 'service', name: 'api', namespace: 'shop' },
    );
    expect(tests.every(({ probe }) => probe.kind === 'connect' && probe.attempts === 20)).toBe(true);
    expect(tests.map(({ destinations }) => destinations[0])).toMatchObject([
      { kind: 'chosenPod', pod: { by: 'name', namespace: 'bank', name: 'db-0' } },
      { target: { kind: 'pod' }, ports: [5432] },
      { kind: 'chosenPod', pod: { by: 'node', node: 'node2' } },
      { kind: 'chosenPod', pod: { by: 'anotherNode' } },
      { target: { kind: 'service' }, ports: [] },
    ]);
    expect(tests.some(({ unsupported }) => unsupported !== undefined)).toBe(false);
  });

  it('over UDP is known to be unsupported', () => {
    const [one] = testsOf('udp', { kind: 'pod', name: 'db-0', namespace: 'bank' });
    expect(one?.unsupported).toContain('no perf yet');
  });
});

describe('netassert', () => {
  const pod = (name: string) => ({ k8sResource: { kind: 'pod', name, namespace: 'shop' } });
  const one = (fields: object) => {
    const base = { name: 'one', type: 'k8s', targetPort: 80, src: pod('web-0'), dst: pod('api-0') };
    return read(dump([{ ...base, ...fields }])).suites[0]?.tests[0];
  };

  it('has its defaults', () => {
    expect(one({})).toMatchObject({
      name: 'one',
      expect: 'allow',
      sources: [{ kind: 'pod', namespace: 'shop', name: 'web-0' }],
      destinations: [{ target: { kind: 'pod', name: 'api-0' }, ports: [80], protocol: 'tcp' }],
      probe: { kind: 'connect', protocol: 'tcp', attempts: 3 },
      mode: 'one',
      maxLossPercent: 20,
    });
    expect(one({})?.probe).not.toHaveProperty('timeoutMs');
  });

  it('exitCode 1 is a deny with a control', () => {
    expect(one({ exitCode: 1 })).toMatchObject({ expect: 'deny', control: { from: 'otherSources' } });
  });

  it('all attempts fit into timeoutSeconds', () => {
    expect(one({ timeoutSeconds: 4, attempts: 4 })?.probe).toMatchObject({ timeoutMs: 1000, attempts: 4 });
  });

  it('UDP is looked for in the destination pod', () => {
    expect(one({ protocol: 'udp' })?.probe).toMatchObject({ protocol: 'udp', proof: 'counters' });
    expect(one({ protocol: 'udp', dst: { host: { name: 'example.com' } } })?.probe).not.toHaveProperty('proof');
  });

  it.each([
    ['example.com', { kind: 'host', host: 'example.com' }],
    ['0.0.0.0', { kind: 'ip', address: '0.0.0.0' }],
    ['2001:2::1', { kind: 'ip', family: 6 }],
    ['localhost', { kind: 'host', host: 'localhost' }],
  ])('host %s', (name, target) => {
    expect(one({ dst: { host: { name } } })?.destinations).toMatchObject([{ target, ports: [80] }]);
  });

  it('results of netassert in a file are told', () => {
    const { warnings } = read(
      dump([{ name: 'a', type: 'k8s', targetPort: 1, src: pod('a'), dst: pod('b'), pass: true, failureReason: '' }]),
    );
    expect(warnings.join()).toContain("[0].pass: ignored: it is a result of netassert's");
  });
});

describe('nethax', () => {
  const planOf = (tests: object[], target: object = {}) =>
    read(
      dump({
        testPlan: {
          name: 'plan',
          testTargets: [{ name: 'web', podSelector: { mode: 'all', labels: 'app=web' }, ...target, tests }],
        },
      }),
    );
  const one = (fields: object, target: object = {}) => planOf([{ name: 'one', ...fields }], target).suites[0]?.tests[0];

  it.each([
    [
      { endpoint: 'http://api/', statusCode: 200 },
      { probe: { kind: 'http', attempts: 1 }, expect: 'allow', conditions: [{ figure: 'http.status', value: 200 }] },
    ],
    [
      { endpoint: 'http://api/', statusCode: 0, type: 'HTTPS' },
      { expect: 'deny', conditions: [] },
    ],
    [
      { endpoint: 'api:80', type: 'tcp', timeout: '3s' },
      {
        probe: { kind: 'connect', timeoutMs: 3000 },
        expect: 'allow',
        destinations: [{ target: { kind: 'host', host: 'api' }, ports: [80], text: 'api:80' }],
      },
    ],
    [
      { endpoint: '[2001:2::1]:80', type: 'TCP', expectFail: true, timeout: 5 },
      { probe: { timeoutMs: 5000 }, expect: 'deny' },
    ],
    [
      { endpoint: 'api.shop', type: 'dns', expectFail: true },
      { probe: { kind: 'dns', names: ['api.shop'] }, expect: 'deny' },
    ],
  ])('%j', (fields, expected) => {
    expect(one(fields)).toMatchObject(expected);
  });

  it('pods of all namespaces, unless it names one', () => {
    const fields = { endpoint: 'api:80', type: 'tcp' };
    expect(one(fields)).toMatchObject({ mode: 'all', sources: [{ selector: 'app=web', namespaceSelector: '' }] });
    const podSelector = { mode: 'random', labels: '', fields: 'status.phase=Running' };
    expect(one(fields, { namespace: 'shop', podSelector })).toMatchObject({
      mode: 'random',
      sources: [{ selector: '', namespaces: ['shop'], fieldSelector: 'status.phase=Running' }],
    });
    expect(one(fields, { podSelector: 'app=x', podSelection: { mode: 'Random' } })).toMatchObject({
      mode: 'random',
      sources: [{ selector: 'app=x' }],
    });
  });

  it('names may be the same, and what nethax ignores is told', () => {
    const { suites, warnings } = planOf([
      { name: 'a', endpoint: 'http://api/' },
      { name: 'a', endpoint: 'http://api/', statusCode: 200, expectFail: true, probeImage: 'x' },
      { name: 'a', endpoint: 'api:80', type: 'tcp', statusCode: 200 },
    ]);
    expect(suites[0]?.tests.map(({ name }) => name)).toEqual(['web: a', 'web: a (2)', 'web: a (3)']);
    expect(warnings.map((warning) => warning.replace(/^[^ ]* [^ ]* /, ''))).toEqual([
      'is absent: nethax takes that for 0 and expects no connection',
      'ignored: our own tools make the tests (--image)',
      'ignored, as nethax does: statusCode 0 expects no connection',
      'ignored, as nethax does: tcp has none',
    ]);
  });
});

test.each(Object.keys(exampleFiles))('examples: %s is taken for what it is', (name) => {
  const { suites } = read(exampleFiles[name] ?? '');
  const formats: Record<string, RegExp> = {
    'network-test': /^NetworkTest$/,
    networkmachinery: /^Network(Connectivity|Delay)Test$/,
    netassert: /^netassert tests$/,
    nethax: /^nethax plan$/,
  };
  for (const { format } of suites) expect(format).toMatch(formats[name.split('/')[0] ?? ''] ?? /^$/);
});
