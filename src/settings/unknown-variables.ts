// SPDX-License-Identifier: Apache-2.0
import { configVariable } from '../config-path.js';
import { nearestNames } from '../targets/edit-distance.js';
import { settingKeys, variableOf } from './settings.js';

/** Of this project's own tests, and what pods have of a Service called netmachinery (environment variables of Services). */
const ofOthers = /^NETMACHINERY_(?:TEST_|(?:.*_)?SERVICE_(?:HOST|PORT)|(?:.*_)?PORT(?:_\d+_|$))/;

/** Variables that look like ours and are heeded by nobody, each with the one that was probably meant. */
export function unknownVariables(environment: NodeJS.ProcessEnv): { variable: string; nearest?: string | undefined }[] {
  const known = [...settingKeys.map(variableOf), configVariable];
  return Object.keys(environment)
    .filter((name) => /^NETMACHINERY_/i.test(name) && !ofOthers.test(name) && !known.includes(name))
    .sort()
    .map((variable) => ({ variable, nearest: nearestNames(variable.toUpperCase(), known, 1)[0] }));
}
