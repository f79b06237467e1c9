// SPDX-License-Identifier: Apache-2.0
import { programName, type Example } from './command-page.js';

/** What somebody does first. */
export const pluginExamples: readonly Example[] = [
  {
    comment: 'Can it work in this namespace, and if not why?',
    line: `${programName} preflight -n shop`,
  },
  {
    comment: 'Does a deployment reach a Service, and each pod behind it?',
    line: `${programName} connect deploy/web svc/api:80 -n shop`,
  },
  {
    comment: 'Prove that a database is closed for it',
    line: `${programName} connect deploy/web db/pod/db-0:5432 --expect deny --control deploy/api -n shop`,
  },
  {
    comment: 'Have all its packets wait 100 ms, for a minute',
    line: `${programName} shape deploy/web --delay 100ms -n shop`,
  },
];
