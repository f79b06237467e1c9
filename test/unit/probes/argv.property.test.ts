// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors/failure.js';
import { icmpCommand } from '../../../src/probes/icmp-command.js';
import { mtuCommand } from '../../../src/probes/mtu.js';
import type { RemoteCommand } from '../../../src/probes/probe.js';
import { tcpCommand } from '../../../src/probes/tcp.js';
import { tlsCommand } from '../../../src/probes/tls.js';
import { traceCommand, type TraceMethod } from '../../../src/probes/trace.js';
import { udpCaptureCommand } from '../../../src/probes/udp-capture.js';
import { udpCommand } from '../../../src/probes/udp.js';

/** What users and other people's DNS, pods and certificates may come up with. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^[-a-z0-9./:[\]$`;&|<>(){}'"\\ %_*?~#!=,\n\0]{0,24}$/),
  fc.constantFrom(
    '-f',
    '--',
    '-',
    '$(id)',
    '`id`',
    '; id',
    "'; id; '",
    '-oProxyCommand=id',
    '\n',
    '\0',
    ' ',
    '',
    '%s',
    '@done',
  ),
  fc.tuple(fc.domain(), fc.constantFrom(' ', ';', '\n', '\0', '$(id)', '/')).map(([name, more]) => name + more),
);
const word = fc.oneof({ weight: 2, arbitrary: hostile }, { weight: 2, arbitrary: fc.domain() }, fc.ipV4(), fc.ipV6());
const family = fc.constantFrom(4 as const, 6 as const);
const number = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 255 }) },
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, 65_535, 65_536, Number.NaN),
);
const payload = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));

type Destination = { index: number; family: 4 | 6; port: number } & ({ address: string } | { host: string });
const destination: fc.Arbitrary<Destination> = fc
  .record({ index: fc.nat(), family, port: number, kind: fc.constantFrom('address' as const, 'host' as const), word })
  .map(({ kind, word: text, ...rest }) => ({ ...rest, ...(kind === 'address' ? { address: text } : { host: text }) }));
const destinations = fc.array(destination, { minLength: 1, maxLength: 3 });

interface Command {
  name: string;
  command: fc.Arbitrary<() => RemoteCommand>;
  /** One that nobody could object to. */
  plain: () => RemoteCommand;
}

const one = { index: 0, family: 4 as const, address: '198.18.0.7', port: 80 };
const commands: Command[] = [
  {
    name: 'ping',
    command: fc.tuple(destinations, number, number).map(
      ([list, count, ttl]) =>
        () =>
          icmpCommand({ destinations: list, count, ttl }),
    ),
    plain: () => icmpCommand({ destinations: [one] }),
  },
  {
    name: 'mtu',
    command: fc.tuple(destinations, number).map(
      ([list, maxBytes]) =>
        () =>
          mtuCommand({ destinations: list, maxBytes }),
    ),
    plain: () => mtuCommand({ destinations: [one] }),
  },
  {
    name: 'trace',
    command: fc
      .tuple(destinations, fc.constantFrom<TraceMethod>('tracepath', 'icmp', 'udp', 'tcp'), number, number)
      .map(
        ([list, method, maxHops, port]) =>
          () =>
            traceCommand({ destinations: list, method, count: 3, maxHops, port }),
      ),
    plain: () => traceCommand({ destinations: [one], method: 'tracepath', count: 3, maxHops: 30 }),
  },
  {
    name: 'connect over TCP',
    command: fc.tuple(destinations, number).map(
      ([list, attempts]) =>
        () =>
          tcpCommand({ destinations: list, attempts, leash: true }),
    ),
    plain: () => tcpCommand({ destinations: [one], leash: true }),
  },
  {
    name: 'connect over UDP',
    command: fc.tuple(destinations, number, payload).map(([list, timeoutMs, sent]) => () => {
      const sending = list.map((each) => ({ ...each, payload: sent }));
      return udpCommand({ destinations: sending, timeoutMs, leash: true });
    }),
    plain: () => udpCommand({ destinations: [{ ...one, payload: Buffer.from('x') }], leash: true }),
  },
  {
    name: 'TLS',
    command: fc.tuple(word, word, number).map(
      ([address, serverName, port]) =>
        () =>
          tlsCommand({ destinations: [{ index: 0, address, serverName, port }], leash: true }),
    ),
    plain: () => tlsCommand({ destinations: [one], leash: true }),
  },
  {
    name: 'a capture',
    command: fc.tuple(word, word, number).map(
      ([token, source, port]) =>
        () =>
          udpCaptureCommand({ expected: [{ token, port }], sources: [source], seconds: 5, leash: true }),
    ),
    plain: () => udpCaptureCommand({ expected: [{ token: 'netmachinery-0', port: 53 }], seconds: 5, leash: true }),
  },
];

/** The command, or undefined where it was refused, for which there is one way. */
function built(build: () => RemoteCommand): RemoteCommand | undefined {
  try {
    return build();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Failure);
    expect((thrown as Failure).code).toBe('usage');
    return undefined;
  }
}

/** Numbers, names, addresses and their brackets and zones; `-` is our own word for nothing. */
const harmless = /^(-|[A-Za-z0-9_.:[][A-Za-z0-9_.:%[\]-]*)$/;
const escaped = /^(\\x[0-9a-f]{2})+$/;
/** pcap-filter(7), made of numbers and addresses. */
const filter =
  /^udp and \(dst port \d+( or dst port \d+)*\)( and \(src host [0-9a-fA-F.:]+( or src host [0-9a-fA-F.:]+)*\))?$/;

describe.each(commands)('the command line of $name', ({ name, command, plain }) => {
  const fixed = plain().argv.slice(0, 4);

  it('is a fixed script and words that are neither options nor anything to a shell, or is refused', () => {
    let accepted = 0;
    fc.assert(
      fc.property(command, (build) => {
        const remote = built(build);
        if (remote === undefined) return;
        accepted += 1;
        expect(remote.argv.slice(0, 4)).toEqual(fixed);
        const script = ['connect over TCP', 'connect over UDP', 'TLS'].includes(name) ? 1 : 0;
        expect(remote.argv.slice(4, 4 + script)).toEqual(plain().argv.slice(4, 4 + script));
        for (const argument of remote.argv.slice(4 + script)) {
          const isKnown = harmless.test(argument) || escaped.test(argument) || filter.test(argument);
          expect(isKnown, JSON.stringify(argument)).toBe(true);
        }
        expect(Number.isSafeInteger(remote.limitMs) && remote.limitMs > 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
    // Else nothing was tried.
    expect(accepted).toBeGreaterThan(10);
  });

  it('reaches the script word by word', () => {
    const lines: string[][] = [];
    fc.assert(
      fc.property(command, (build) => {
        const remote = built(build);
        if (remote !== undefined) lines.push(remote.argv.slice(3));
      }),
      { numRuns: 1000 },
    );
    for (const argv of lines.slice(0, 10)) {
      const seen = execFileSync('sh', ['-c', 'printf "%s\\0" "$0" "$@"', ...argv], { encoding: 'utf8' });
      expect(seen.split('\0').slice(0, -1)).toEqual(argv);
    }
  });
});

it('a payload of any bytes arrives as those bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      const sent = Buffer.from(bytes);
      const { argv } = udpCommand({ destinations: [{ ...one, payload: sent }], leash: true });
      // As the remote script does it, in bash.
      expect(execFileSync('bash', ['-c', 'printf %b "$1"', 'bash', argv.at(-1) ?? ''])).toEqual(sent);
    }),
    { numRuns: 30 },
  );
});

it('addresses are of the family that they are said to be', () => {
  fc.assert(
    fc.property(word, family, (address, of) => {
      const destinations = [{ index: 0, family: of, address, port: 80 }];
      const remote = built(() => tcpCommand({ destinations, leash: true }));
      if (remote !== undefined) expect(isIP(remote.argv.at(-3) ?? '')).toBe(of);
    }),
  );
});
