// SPDX-License-Identifier: Apache-2.0
import { reportApiVersion } from '../model/report.js';
import type { Suite } from './suite.js';

/** The contract of `validate -o json`; its schema is plugins-manifest/schemas/suite-list.v1.json. */
export interface SuiteList {
  apiVersion: typeof reportApiVersion;
  kind: 'SuiteList';
  /** At least one, each with at least one test. */
  suites: readonly Suite[];
}

/** Suites as an object that is printed. */
export function suiteList(suites: readonly Suite[]): SuiteList {
  return { apiVersion: reportApiVersion, kind: 'SuiteList', suites };
}
