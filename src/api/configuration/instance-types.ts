/**
 * The catalogue of instance types: `catalogue/instance-types.yaml`, or the file that stands in for it, as domain
 * values. What it says in terms of this machine is worked out here, so nobody else knows that there is a file.
 *
 * Any text either gives a catalogue or a `ConfigurationErrors` that holds every problem with its place.
 */
import { z } from 'zod';
import { StowageError } from '../../domain/errors.js';
import type { InstanceCapacity, InstanceType } from '../../domain/instance.js';
import { nearest } from '../../domain/nearest.js';
import { ConfigurationErrors } from './configuration-errors.js';
import { type Finding, meaningFinding } from './problems.js';
import { type LocatedDocument, parseYaml, type PathSegment } from './yaml-document.js';

const bytesPerUnit: Readonly<Record<string, number>> = {
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};
/** The least that a slice of the machine has. */
const cpusMin = 0.25;
const partPattern = /^(machine|([1-9][0-9]?|100)%)$/;
const part = z.string().regex(partPattern);

/** What stands under a key, and an example of it. */
const rules = {
  cpus: ['a number of cores from 0.25 to 4096, `machine`, or a part of it such as 25%', 'cpus: 8'],
  memory: ['a size such as 512Mi or 16Gi, `machine`, or a part of it such as 25%', 'memory: 16Gi'],
  accelerators: ['a whole number from 0 to 64, or `machine`', 'accelerators: 1'],
  acceleratorMemory: ['a size such as 24Gi, or `machine`', 'acceleratorMemory: 24Gi'],
  zones: ['a list of 1 to 16 different zones of small letters and digits', 'zones: [a, b, c]'],
  price: ['a number of US dollars from 0 to 100000', 'price: 0.23'],
  countMax: ['a whole number from 1 to 1000000', 'countMax: 100'],
  defaults: ['the keys `zones`, `countMax` and `price`', 'defaults: { zones: [a, b, c] }'],
  types: ['instance types by name', 'types: { ml.m5.large: { cpus: 2, memory: 8Gi } }'],
  type: ['keys and values', 'ml.m5.large: { cpus: 2, memory: 8Gi }'],
  document: ['the keys `defaults` and `types`', 'types: { ml.m5.large: { cpus: 2, memory: 8Gi } }'],
} as const;
const nameRule = 'lower-case words joined by dots, such as ml.g5.xlarge or local.big';

const size = z.string().regex(/^[0-9]{1,9}(\.[0-9]{1,6})?(Mi|Gi|Ti|M|G|T)$/);
const zone = z.string().regex(/^[a-z0-9-]{1,32}$/);
const shared = {
  zones: z
    .array(zone)
    .min(1)
    .max(16)
    .refine((zones) => new Set(zones).size === zones.length),
  countMax: z.int().min(1).max(1_000_000),
  price: z.number().min(0).max(100_000),
};
const typeSchema = z.strictObject({
  cpus: z.union([z.number().min(cpusMin).max(4096), part]),
  memory: z.union([size, part]),
  accelerators: z.union([z.int().min(0).max(64), z.literal('machine')]).default(0),
  acceleratorMemory: z.union([size, z.literal('machine')]).optional(),
  zones: shared.zones.optional(),
  countMax: shared.countMax.optional(),
  price: shared.price.optional(),
});
const catalogueSchema = z.strictObject({
  defaults: z
    .strictObject({
      zones: shared.zones.default(['a']),
      countMax: shared.countMax.default(100),
      price: shared.price.default(0),
    })
    .prefault({}),
  types: z.record(z.string().regex(/^[a-z0-9]+(\.[a-z0-9-]+)+$/), typeSchema),
});
type CatalogueDocument = z.output<typeof catalogueSchema>;

/**
 * Reads a whole catalogue, by the names of its types and in the file's order.
 *
 * @param file how the reader calls it; locations begin with it
 * @param machine what `machine` means: this machine's own measure
 * @throws ConfigurationErrors of FILE-010, FILE-011 and FILE-012
 */
export function readInstanceTypes(
  text: string,
  file: string,
  machine: InstanceCapacity,
): ReadonlyMap<string, InstanceType> {
  const { documents, errors } = parseYaml(text.replace(/^\uFEFF/, ''), file);
  throwAll(errors);
  const [document, second] = documents;
  if (second !== undefined) {
    throwAll([meaningFinding(second, [], 'a catalogue is one document', 'remove the line `---`').word()]);
  }
  const checked = catalogueSchema.safeParse(document!.value);
  if (!checked.success) {
    const findings = checked.error.issues.flatMap((issue) => findingsOf(issue, document!));
    throwAll(findings.sort((a, b) => a.offset - b.offset).map((finding) => finding.word()));
  }
  return toTypes(checked.data!, machine);
}

function throwAll(errors: readonly StowageError[]): void {
  const [first, ...others] = errors;
  if (first !== undefined) throw new ConfigurationErrors([first, ...others]);
}

function toTypes(
  { defaults, types }: CatalogueDocument,
  machine: InstanceCapacity,
): ReadonlyMap<string, InstanceType> {
  return new Map(
    Object.entries(types).map(([name, type]) => [
      name,
      {
        name,
        cpus: toCpus(type.cpus, machine.cpus),
        memoryBytes: toBytes(type.memory, machine.memoryBytes),
        accelerators: type.accelerators === 'machine' ? machine.accelerators : type.accelerators,
        acceleratorMemoryBytes: toBytes(type.acceleratorMemory ?? '0Mi', machine.acceleratorMemoryBytes),
        zones: type.zones ?? defaults.zones,
        pricePerHour: type.price ?? defaults.price,
        countMax: type.countMax ?? defaults.countMax,
      },
    ]),
  );
}

/** Parts are cut down to quarters of a core, because less cannot be reserved. */
function toCpus(value: number | string, machine: number): number {
  if (typeof value === 'number') return value;
  return Math.max(cpusMin, Math.floor(machine * toFraction(value) * 4) / 4);
}

function toBytes(value: string, machine: number): number {
  if (partPattern.test(value)) return Math.floor(machine * toFraction(value));
  const [, amount, unit] = /^([0-9.]+)([A-Za-z]+)$/.exec(value) ?? [];
  return Math.round(Number(amount) * (bytesPerUnit[unit ?? ''] ?? 0));
}

function toFraction(value: string): number {
  return value === 'machine' ? 1 : Number(value.slice(0, -1)) / 100;
}

function findingsOf(issue: z.core.$ZodIssue, document: LocatedDocument): Finding[] {
  const path = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(document, path, key, knownAt(path)));
  }
  if (issue.code === 'invalid_key') {
    return [meaningFinding(document, path, `expected a name of ${nameRule}`, 'rename it', 'key')];
  }
  const [expected, example] = ruleAt(path);
  const isMissing = valueAt(document.value, path) === undefined;
  const problem = `${isMissing ? 'is missing: expected' : 'expected'} ${expected}`;
  return [meaningFinding(document, path, problem, `write \`${example}\``, isMissing ? 'key' : 'value')];
}

/** The rule of what stands at `path`; a zone's is its list's. */
function ruleAt(path: readonly PathSegment[]): readonly [string, string] {
  const words = path.filter((segment) => typeof segment === 'string');
  if (words.length === 0) return rules.document;
  if (words.length === 2 && words[0] === 'types') return rules.type;
  const last = words.at(-1)!;
  return Object.hasOwn(rules, last) ? rules[last as keyof typeof rules] : rules.type;
}

function knownAt(path: readonly PathSegment[]): readonly string[] {
  if (path.length === 0) return Object.keys(catalogueSchema.shape);
  return path[0] === 'types' ? Object.keys(typeSchema.shape) : Object.keys(shared);
}

function unknownKey(
  document: LocatedDocument,
  path: readonly PathSegment[],
  key: string,
  known: readonly string[],
): Finding {
  const offset = document.keyOffset([...path, key]);
  const meant = nearest(key, known);
  const suggestion =
    meant === null
      ? `known here: ${known.map((name) => `\`${name}\``).join(', ')}`
      : `did you mean \`${meant}\`?`;
  const shown = key.replace(/[^\x20-\x7e]/g, '\u00b7').slice(0, 60);
  return {
    offset,
    word: () =>
      StowageError.of('FILE-011', { key: shown, suggestion }, { location: document.locate(offset) }),
  };
}

function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current: unknown = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<PathSegment, unknown>)[segment];
  }
  return current;
}
