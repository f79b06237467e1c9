// SPDX-License-Identifier: Apache-2.0
//
// Records what the scripts of dns and http print in a pod of the test cluster that has the tools of the image (its second
// argument): CONTAINER is a tool container of `kubectl netmachinery dns`, say.
//   esbuild --bundle --platform=node --format=esm --loader:.sh=text record-requests.ts --outfile=/tmp/record.mjs
//   node /tmp/record.mjs NAMESPACE POD CONTAINER
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { RemoteCommand } from '../../../../src/probes/probe.js';
import { dnsRequests } from './dns-requests.js';
import { httpRequests } from './http-requests.js';
import { dnsCommand } from '../../../../src/probes/dns.js';
import { httpCommand } from '../../../../src/probes/http.js';

const [namespace = '', pod = '', container = ''] = process.argv.slice(2);

function record(file: string, { argv, input }: RemoteCommand): void {
  // The end of kubectl's own input would be the end of the leash.
  const words = ['exec', '-i', '-n', namespace, pod, '-c', container, '--', ...argv];
  const { stdout, status } = spawnSync('sh', ['-c', '{ printf %s "$INPUT"; sleep 10; } | kubectl "$@"', 'kubectl', ...words], {
    env: { ...process.env, INPUT: input ?? '' },
    encoding: 'utf8',
  });
  writeFileSync(`test/unit/probes/recorded/${file}`, stdout);
  console.log(`${file}: exit code ${status}`);
}

for (const [name, request] of Object.entries(dnsRequests)) record(`dns/${name}.txt`, dnsCommand(request));
for (const [name, request] of Object.entries(httpRequests)) record(`http/${name}.txt`, httpCommand(request));
