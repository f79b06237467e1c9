// SPDX-License-Identifier: Apache-2.0
import { documentsOf, type ManifestText } from '../manifests/documents.js';
import { Fields } from '../manifests/fields.js';
import type { Located } from '../manifests/place.js';
import { Problems } from '../manifests/problems.js';
import { nearestNames } from '../targets/edit-distance.js';
import { quote } from '../targets/quote.js';
import { readNetassert, type TestName } from './netassert.js';
import { readNethax } from './nethax.js';
import { readNetworkConnectivityTest } from './network-connectivity-test.js';
import { readNetworkDelayTest } from './network-delay-test.js';
import { networkTestVersion, readNetworkTest } from './network-test.js';
import { seedVersion } from './seed-suite.js';
import type { Suite } from './suite.js';
import type { VariableSources } from './variables.js';

export interface Suites {
  /** In the order of the files; at least one, each with at least one test. */
  suites: Suite[];
  /** One line each, with the place it is about. */
  warnings: string[];
}

const versions: Readonly<Record<string, string>> = {
  NetworkTest: networkTestVersion,
  NetworkConnectivityTest: seedVersion,
  NetworkDelayTest: seedVersion,
};
const taken = `taken are ${Object.entries(versions)
  .map(([kind, version]) => `${kind} (${version})`)
  .join(', ')}, the tests of netassert and the plans of nethax`;

/**
 * What files of tests ask for, whatever format they are in. Throws one Failure `usage` with everything that is wrong in any
 * of them, each with file, line, column and field.
 */
export function readSuites(texts: readonly ManifestText[], variables: VariableSources): Suites {
  return new SuiteReader(variables).read(texts);
}

class SuiteReader {
  private readonly problems = new Problems();
  private readonly warnings: string[] = [];
  private readonly declared = new Set<string>();
  /** Those of one file, of the formats whose tests have names of their own. */
  private names: TestName[] = [];
  /** Something is no YAML. */
  private isUnread = false;

  constructor(private readonly variables: VariableSources) {}

  read(texts: readonly ManifestText[]): Suites {
    if (texts.length === 0) this.problems.add('no file was given', 'name a file or directory with -f');
    const suites = texts.flatMap((text) => {
      const before = this.problems.count;
      const documents = documentsOf(text, this.problems);
      if (this.problems.count > before) this.isUnread = true;
      this.names = [];
      const own = documents.flatMap((document) => this.readDocument(document, text.name) ?? []);
      if (documents.length === 0 && this.problems.count === before) {
        this.problems.add(`${text.name}: has no tests in it`, undefined, { name: text.name, line: 1, column: 1 });
      }
      this.refuseSameNames();
      return own;
    });
    // What could not be read may have declared it.
    if (!this.isUnread) this.refuseUndeclared();
    this.problems.throwIfAny();
    this.warnOfSameSuites(suites);
    return { suites, warnings: [...new Set(this.warnings)] };
  }

  /** Formats of others have no kind: they are known by their shape. */
  private readDocument(document: Located, file: string): Suite | undefined {
    const { value, place } = document;
    if (Array.isArray(value)) {
      const { suite, names } = readNetassert(document, file, this.warnings);
      this.names.push(...names);
      return suite;
    }
    const object = Fields.of(value, place);
    if (object === undefined) return undefined;
    if (object.has('testPlan') && !object.has('kind')) return readNethax(object, file, this.warnings);
    const kind = this.kindOf(object);
    if (kind === 'NetworkConnectivityTest') return readNetworkConnectivityTest(object, file, this.warnings);
    if (kind === 'NetworkDelayTest') return readNetworkDelayTest(object, file, this.warnings);
    if (kind !== 'NetworkTest') return undefined;
    const { suite, variables } = readNetworkTest(document, this.variables, file, this.warnings);
    for (const name of variables.keys()) this.declared.add(name);
    this.names.push(...(suite?.tests ?? []));
    return suite;
  }

  private kindOf(object: Fields): string | undefined {
    if (!object.has('kind')) object.at('kind').wrong('is needed', taken);
    const kind = object.text('kind');
    const apiVersion = object.required('apiVersion');
    if (kind === undefined || apiVersion === undefined) return undefined;
    const version = Object.hasOwn(versions, kind) ? versions[kind] : undefined;
    if (version === undefined) {
      const [nearest] = nearestNames(kind, Object.keys(versions), 1);
      const isShape = kind === 'NetworkTrafficShaper' || kind === 'NetworkChaos';
      const hint = isShape ? 'kubectl netmachinery shape -f takes it' : taken;
      object.at('kind').wrong(`${quote(kind)} is not taken`, nearest === undefined ? hint : `did you mean ${nearest}?`);
      return undefined;
    }
    if (apiVersion === version) return kind;
    object.at('apiVersion').wrong(`${quote(apiVersion)} of ${kind} is not taken`, `write ${version}`);
    return undefined;
  }

  /** Of one file: by its name a test is found again in a report. */
  private refuseSameNames(): void {
    const places = new Map<string, string>();
    for (const { name, place } of this.names) {
      const first = places.get(name);
      if (first === undefined) places.set(name, place);
      else {
        const text = `${place}: a test ${quote(name)} is there already: ${first}`;
        this.problems.add(text, 'give it another name');
      }
    }
  }

  /** Of different files: a reader of JUnit takes them for one. */
  private warnOfSameSuites(suites: readonly Suite[]): void {
    const files = new Map<string, Set<string>>();
    for (const { name, file } of suites) files.set(name, (files.get(name) ?? new Set()).add(file));
    for (const [name, { size }] of files) {
      if (size < 2) continue;
      const named = [...(files.get(name) ?? [])].join(', ');
      this.warnings.push(`${named}: suites of one name, ${quote(name)}: readers of JUnit take them for one`);
    }
  }

  private refuseUndeclared(): void {
    for (const name of Object.keys(this.variables.set)) {
      if (this.declared.has(name)) continue;
      const [nearest] = nearestNames(name, this.declared, 1);
      const names = [...this.declared].join(', ');
      const hint = names === '' ? 'no file declares variables (spec.variables)' : `declared are ${names}`;
      this.problems.add(
        `--set ${name}: no file declares this variable`,
        nearest === undefined ? hint : `did you mean ${nearest}?`,
      );
    }
  }
}
