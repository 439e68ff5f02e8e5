/**
 * The guards of the house, each shown to refuse what it is there to refuse: violations are planted in a
 * copy of the house's plan (its tool configurations and no code), and every tool runs over it once.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lawful, plantedImports, plantedLint, plantedOthers } from './planted.js';

const root = path.resolve(import.meta.dirname, '..', '..');
const configurations = [
  'package.json',
  'tsconfig.json',
  'tsconfig.pure.json',
  'eslint.config.js',
  '.dependency-cruiser.cjs',
  '.prettierrc.json',
  'knip.json',
];
let house: string;

beforeAll(() => {
  house = mkdtempSync(path.join(tmpdir(), 'stowage-guards-'));
  for (const file of configurations) cpSync(path.join(root, file), path.join(house, file));
  symlinkSync(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
  for (const planted of [lawful, ...plantedImports, ...plantedLint, ...plantedOthers]) {
    for (const [file, text] of Object.entries(planted.files)) {
      mkdirSync(path.join(house, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(house, file), text);
    }
  }
});

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

function run(tool: string, ...toolArguments: string[]): string {
  const program = path.join(root, 'node_modules', '.bin', tool);
  const result = spawnSync(program, toolArguments, {
    cwd: house,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(result.error).toBeUndefined();
  return result.stdout;
}

interface CruiseReport {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

describe('import rules', () => {
  let violations: CruiseReport['summary']['violations'];
  beforeAll(() => {
    const json = run('depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src');
    violations = (JSON.parse(json) as CruiseReport).summary.violations;
  });

  test.each(plantedImports)('$rule refuses $says', ({ rule, files }) => {
    const offenders = violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from);
    expect(offenders).toContain(Object.keys(files)[0]);
  });

  test('every rule has a planted violation and says why it exists', () => {
    const { forbidden } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string; comment: string; severity: string }[];
    };
    expect(new Set(plantedImports.map(({ rule }) => rule))).toEqual(
      new Set(forbidden.map(({ name }) => name)),
    );
    for (const rule of forbidden) {
      expect(rule.comment).toMatch(/^[A-Z].{30,}\.$/);
      expect(rule.severity).toBe('error');
    }
  });

  test('lawful files break no rule', () => {
    const offenders = violations.map(({ from }) => from);
    for (const file of Object.keys(lawful.files)) expect(offenders).not.toContain(file);
  });
});

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

describe('lint rules', () => {
  const found = new Map<string, readonly (string | null)[]>();
  beforeAll(() => {
    for (const { filePath, messages } of JSON.parse(
      run('eslint', '--format', 'json', 'src'),
    ) as LintedFile[]) {
      found.set(
        path.relative(house, filePath),
        messages.map(({ ruleId }) => ruleId),
      );
    }
  });

  test.each(plantedLint)('$rule refuses $says', ({ rule, files }) => {
    for (const file of Object.keys(files)) expect(found.get(file)).toContain(rule);
  });

  test('lawful files break no rule', () => {
    for (const file of Object.keys(lawful.files)) expect(found.get(file)).toEqual([]);
  });
});

describe('the other guards', () => {
  test('the pure rooms do not compile with Node’s globals', () => {
    expect(run('tsc', '-p', 'tsconfig.pure.json')).toMatch(/src\/decide\/pure\/timer\.ts.*setTimeout/);
  });

  test('the types guard refuses a wrong type', () => {
    expect(run('tsc', '-p', 'tsconfig.json')).toMatch(/src\/worker\/wrong-type\.ts\(1,/);
  });

  test('the format guard refuses double quotes and long lines', () => {
    const result = spawnSync(
      path.join(root, 'node_modules', '.bin', 'prettier'),
      ['--list-different', 'src'],
      {
        cwd: house,
        encoding: 'utf8',
      },
    );
    expect(result.stdout.split('\n')).toContain('src/worker/unformatted.ts');
    expect(result.stdout.split('\n')).not.toContain(Object.keys(lawful.files)[0]);
  });

  test('the unused guard refuses a file, an export and a dependency that nobody uses', () => {
    const report = run('knip', '--no-progress', '--reporter', 'compact');
    expect(report).toContain('src/worker/unused-file.ts');
    expect(report).toMatch(/lawful-answer\.ts.*neverAsked/);
    expect(report).toContain('commander');
  });

  test('the tidy guard refuses bad names, marks for later, machine paths and registry names', () => {
    const { stdout } = spawnSync(process.execPath, [path.join(root, 'scripts', 'tidy.mjs'), house], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/src\/worker\/CamelCase\.ts: the file name is not kebab-case/);
    expect(stdout).toMatch(/src\/worker\/utils\/attic\.ts: the folder name `utils`/);
    expect(stdout).toMatch(/src\/worker\/marked\.ts:1: a mark for later/);
    expect(stdout).toMatch(/src\/worker\/machine\.ts:1: a path of one machine/);
    expect(stdout).toMatch(/package-lock\.json: `node_modules\/koffi` names its registry/);
    expect(stdout).not.toContain(Object.keys(lawful.files)[0]);
  });

  test('the guards’ programs exit with an error for what they print', () => {
    for (const [program, ...programArguments] of [
      ['depcruise', '--config', '.dependency-cruiser.cjs', 'src/domain'],
      ['eslint', 'src/domain'],
      ['knip', '--no-progress'],
    ] as const) {
      const result = spawnSync(path.join(root, 'node_modules', '.bin', program), programArguments, {
        cwd: house,
      });
      expect(result.status, program).not.toBe(0);
    }
  });
});
