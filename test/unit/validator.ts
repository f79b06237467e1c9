// SPDX-License-Identifier: Apache-2.0
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What tells whether something is as a schema of plugins-manifest/schemas says, with all that is wrong. */
export function validatorOf(schema: AnySchemaObject, ...referredTo: AnySchemaObject[]): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  addFormats.default(ajv);
  for (const each of referredTo) ajv.addSchema(each);
  return ajv.compile(schema);
}
