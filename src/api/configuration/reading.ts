/** What reading one document collects beside its plan: problems of meaning, notices, examples. */
import { meaningFinding } from './problems.js';
import type { Finding } from './problems.js';
import type { LocatedDocument, PathSegment } from './yaml-document.js';

/** Something that was understood and has no effect, or less than its reader may expect. */
export interface Notice {
  /** `file:line:column`. */
  readonly location: string;
  readonly message: string;
}

/** A call worth showing for a component. */
export interface ExampleCall {
  readonly prompt: string;
  readonly suffix: string | null;
}

/** Collects what one document means. Problems of meaning are added to `findings`, never thrown. */
export interface Reading {
  readonly document: LocatedDocument;
  /** Absolute folder that relative model paths start at. */
  readonly baseDir: string;
  readonly fileExists: (path: string) => boolean;
  /** Names of the instance types that there are; null = nobody here knows them. */
  readonly instanceTypes: readonly string[] | null;
  readonly findings: Finding[];
  readonly notices: Notice[];
  /** By `endpoint/component`. */
  readonly examples: Map<string, ExampleCall>;
}

/** Adds a problem of meaning at the value of `path`. */
export function refuse(
  reading: Reading,
  path: readonly PathSegment[],
  problem: string,
  suggestion: string,
): void {
  reading.findings.push(meaningFinding(reading.document, path, problem, suggestion));
}

/** Adds a notice at the key of `path`. */
export function note(reading: Reading, path: readonly PathSegment[], message: string): void {
  const location = reading.document.locate(reading.document.keyOffset(path));
  reading.notices.push({ location, message: `\`${path.join('.')}\`: ${message}` });
}
