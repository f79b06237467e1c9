// SPDX-License-Identifier: Apache-2.0
import type { Locate, Path } from './positions.js';
import type { Problems, TextPosition } from './problems.js';

/** The text that a value stands in. */
export interface PlaceSource {
  /** As the user named it. */
  name: string;
  locate: Locate;
}

/** A value and where it stands. */
export interface Located {
  value: unknown;
  place: Place;
}

/** Where a value stands, for messages: `shape.yaml:12:5: spec.targets[0].kind`. */
export class Place {
  constructor(
    readonly problems: Problems,
    private readonly source: PlaceSource,
    private readonly steps: Path = [],
  ) {}

  at(name: string | number): Place {
    return new Place(this.problems, this.source, [...this.steps, name]);
  }

  /** `shape.yaml:12:5` */
  get where(): string {
    const { name, line, column } = this.position;
    return `${name}:${line}:${column}`;
  }

  toString(): string {
    const path = this.steps.reduce<string>(
      (text, step) => text + (typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`),
      '',
    );
    return path === '' ? this.where : `${this.where}: ${path}`;
  }

  wrong(text: string, hint?: string): void {
    this.problems.add(`${this.toString()}: ${text}`, hint, this.position);
  }

  /** What is wrong with the name of a field itself. */
  wrongField(name: string, text: string, hint?: string): void {
    const { where, position } = this.at(name);
    const own = this.toString().slice(this.where.length);
    this.problems.add(`${where}${own}: ${text}`, hint, position);
  }

  /** What `read` returns; undefined where it throws a Failure, which is noted here. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (thrown) {
      this.problems.addFailure(this.toString(), thrown, this.position);
      return undefined;
    }
  }

  private get position(): TextPosition {
    return { name: this.source.name, ...this.source.locate(this.steps) };
  }
}
