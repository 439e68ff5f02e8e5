/**
 * What Stowage does with each member of an operation's input: it acts on it (or shows it again because it describes what
 * is there), only stores it and shows it again, or refuses it by name. A front end has one table of that for its
 * service; the codec obeys it and docs/wire-coverage.md is made from it.
 */
import type { ControlOperation } from '../../control/facade.js';
import type { ServiceModel } from './service-model.js';

export type Coverage = ActedOn | StoredOnly | Refused;

export interface ActedOn {
  readonly kind: 'acted';
  /** Values of a text that are refused, each with the reason. */
  readonly refusedValues: Readonly<Record<string, string>>;
  /** Elements of a list that are acted on; more are refused for the reason. */
  readonly countMax: number;
  readonly countReason: string;
}

/** Kept, with all that is in it, and shown again; nothing here depends on it. */
export interface StoredOnly {
  readonly kind: 'stored';
}

/** Refused when it asks for something; empty lists and maps, and the neutral values, ask for nothing. */
export interface Refused {
  readonly kind: 'refused';
  /** A phrase for the caller: what is not done here. */
  readonly reason: string;
  readonly neutral: readonly unknown[];
}

export const acted: ActedOn = { kind: 'acted', refusedValues: {}, countMax: Infinity, countReason: '' };
export const stored: StoredOnly = { kind: 'stored' };

/** Acted on, but for these values. */
export function actedExcept(refusedValues: Readonly<Record<string, string>>): ActedOn {
  return { ...acted, refusedValues };
}

/** A list that is acted on up to that many elements. */
export function actedUpTo(countMax: number, countReason: string): ActedOn {
  return { ...acted, countMax, countReason };
}

export function refused(reason: string, ...neutral: readonly unknown[]): Refused {
  return { kind: 'refused', reason, neutral };
}

/** By shape and member; every structure that an acted-on member leads to has its row. */
export type CoverageTable = Readonly<Record<string, Readonly<Record<string, Coverage>>>>;

/** A table that has every member of each structure it names; a member that is missing does not compile. */
export type CoverageOf<Shapes> = {
  readonly [Shape in keyof Shapes]?: Shapes[Shape] extends { readonly members: infer Members }
    ? { readonly [Member in keyof Members]: Coverage }
    : never;
};

/** Values beyond the service's own model that are taken as well, by shape. */
export type ExtensionTable = Readonly<Record<string, Extension>>;

export interface Extension {
  /** Must match the whole text. */
  readonly expression: RegExp;
  /** What it allows, for the page of the coverage. */
  readonly says: string;
}

/** All that is known about a service whose operations are served: its model, and what is done with it. */
export interface ServiceDescription {
  readonly model: ServiceModel;
  readonly coverage: CoverageTable;
  readonly extensions: ExtensionTable;
  /** Control's names of operations that another service has by the same name; the others have their own. */
  readonly aliases?: Readonly<Record<string, ControlOperation>>;
}
