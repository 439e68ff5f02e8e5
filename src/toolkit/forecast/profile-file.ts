/** A service profile from its file, as `stowage bench --service-profile FILE` writes it. */
import { StowageError } from '../../domain/errors.js';
import { ColdRung, type ServiceProfile } from '../../domain/service-profile.js';

type Fields = Readonly<Record<string, unknown>>;

/** Throws FILE-012 with the member that is not as it must be, FILE-010 when the file is no JSON. */
export function parseServiceProfile(text: string, file: string): ServiceProfile {
  const fields = fieldsOf(parse(text, file), 'profile', file);
  const source = fieldsOf(fields['source'] ?? {}, 'source', file);
  const cold = fieldsOf(fields['coldStartMs'] ?? {}, 'coldStartMs', file);
  const text1 = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    name: text1(fields['name']),
    source: {
      command: text1(source['command']),
      machine: text1(source['machine']),
      commit: text1(source['commit']),
      isAssumed: source['isAssumed'] === true,
    },
    sequencesMax: number(fields, 'sequencesMax', 1, file),
    overheadMs: number(fields, 'overheadMs', 0, file),
    promptTokensPerSecond: number(fields, 'promptTokensPerSecond', 0.001, file),
    stepMs: number(fields, 'stepMs', 0, file),
    stepMsPerSequence: number(fields, 'stepMsPerSequence', 0, file),
    coldStartMs: {
      asleep: known(cold, ColdRung.Asleep, file),
      pageCache: known(cold, ColdRung.PageCache, file),
      disk: known(cold, ColdRung.Disk, file),
      remote: known(cold, ColdRung.Remote, file),
    },
    memoryBytes: number(fields, 'memoryBytes', 0, file),
  };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw StowageError.of('FILE-010', { file, problem: (cause as Error).message }, { cause });
  }
}

function fieldsOf(value: unknown, key: string, file: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(key, 'expected an object', file);
}

function number(fields: Fields, key: string, least: number, file: string): number {
  const value = fields[key];
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw wrong(key, `expected a number from ${least} on, found ${JSON.stringify(value) ?? 'nothing'}`, file);
}

/** Null: nobody measured it. */
function known(fields: Fields, key: string, file: string): number | null {
  return (fields[key] ?? null) === null ? null : number(fields, key, 0, file);
}

function wrong(key: string, problem: string, file: string): StowageError {
  const suggestion = 'write the file with `stowage bench TARGET --service-profile FILE`';
  return StowageError.of('FILE-012', { key, problem, suggestion }, { location: `${file}:1:1` });
}
