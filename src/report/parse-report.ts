// SPDX-License-Identifier: Apache-2.0
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../plugins-manifest/schemas/report.v1.json' with { type: 'json' };
import { Failure } from '../errors/failure.js';
import { reportApiVersion, type Report } from '../model/report.js';
import { summarize } from '../model/summary.js';
import { jsonFault } from './json-fault.js';
import { plainText } from './plain-text.js';

/** Which command prints the other kinds. */
const otherKinds: Record<string, string> = {
  ShapeReport: 'what shape prints',
  ShapeList: 'what shape list prints',
  ClearReport: 'what shape clear prints',
  CleanupReport: 'what clean prints',
  PreflightReport: 'what preflight prints',
  ReportDiff: 'what report --diff prints',
  MeshReport: 'what mesh prints',
  CheckReport: 'what check prints',
};

const expectation = 'a report is what ping, connect, dns, http, mtu, trace and run print with -o json';

function wordOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = plainText(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `/results/3/destination/port` as `results[3].destination.port`. */
function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}

function faultText({ instancePath, keyword, params, message = 'is wrong', data }: ErrorObject): string {
  const place = placeOf(instancePath) || 'the report';
  if (keyword === 'required') return `${place} has no ${String(params['missingProperty'])}`;
  if (keyword !== 'enum') return `${place} ${message}, and is ${wordOf(data)}`;
  const allowed = params['allowedValues'] as string[];
  const list = allowed.length > 10 ? `a known ${place.split('.').at(-1) ?? 'word'}` : `one of ${allowed.join(', ')}`;
  return `${place} must be ${list}, and is ${wordOf(data)}`;
}

function compiled(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true });
  ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
  return ajv.compile(schema);
}

/** Compiling takes a tenth of a second: not before a report is read, and once for all that are. */
let validator: ValidateFunction | undefined;

/** What is wrong with the shape of a value; keys that this version does not know do no harm. */
function shapeFault(value: unknown): string | undefined {
  validator ??= compiled();
  const validate = validator;
  if (validate(value)) return undefined;
  const fault = validate.errors?.find(({ keyword }) => keyword !== 'additionalProperties');
  return fault === undefined ? undefined : faultText(fault);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    if (text.trim() === '') throw new Failure('usage', `${file} is empty`, { hint: expectation, cause });
    const { line, column, atEnd } = jsonFault(text);
    const what = atEnd ? 'it ends in the middle' : 'it stops being JSON there';
    throw new Failure('usage', `${file}:${line}:${column}: not JSON: ${what}`, { hint: expectation, cause });
  }
}

/**
 * A saved report. Its summary is counted anew: results may have been taken out of it. Throws Failure `usage` with the
 * place of what is wrong; `file` is what the user calls it.
 */
export function parseReport(text: string, file: string): Report {
  const value = parseJson(text, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('usage', `${file} is no report but ${wordOf(value)}`, { hint: expectation });
  }
  const { apiVersion, kind } = value as Record<string, unknown>;
  if (apiVersion !== reportApiVersion) {
    throw new Failure('usage', `${file}: apiVersion must be ${reportApiVersion}, and is ${wordOf(apiVersion)}`, {
      hint: expectation,
    });
  }
  if (kind !== 'Report') {
    const known = typeof kind === 'string' && Object.hasOwn(otherKinds, kind) ? ` (${otherKinds[kind] ?? ''})` : '';
    throw new Failure('usage', `${file}: kind must be Report, and is ${wordOf(kind)}${known}`, { hint: expectation });
  }
  const fault = shapeFault(value);
  if (fault !== undefined) throw new Failure('usage', `${file}: ${fault}`, { hint: expectation });
  const report = value as Report;
  return { ...report, summary: summarize(report.results) };
}
