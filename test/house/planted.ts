/** Violations, one per rule: the first file of each is the offender. Kept as text, so no guard sees them here. */

export interface Planted {
  readonly rule: string;
  /** Completes "RULE refuses …". */
  readonly says: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Files that every guard but `unused` accepts; what the planted ones import. */
export const lawful: Planted = {
  rule: 'none',
  says: 'nothing',
  files: {
    'src/domain/lawful-answer.ts': 'export const answer = 42;\nexport const neverAsked = 7;\n',
    'src/decide/lawful-choice.ts':
      "import { answer } from '../domain/lawful-answer.js';\n\nexport function choose(now: number): number {\n  return now + answer;\n}\n",
    'src/apps/server.ts':
      "import { choose } from '../decide/lawful-choice.js';\n\nconsole.log(choose(Date.now()));\n",
  },
};

const lawfulAdapter = { 'src/adapters/store/lawful/lawful-store.ts': 'export const store = 1;\n' };

function imports(from: string, to: string): string {
  return `import * as planted from '${to}';\n\nexport const ${from} = planted;\n`;
}

export const plantedImports: readonly Planted[] = [
  {
    rule: 'domain-points-nowhere',
    says: 'a noun that imports an adapter',
    files: {
      'src/domain/imports-adapter.ts': imports('a', '../adapters/store/lawful/lawful-store.js'),
      ...lawfulAdapter,
    },
  },
  {
    rule: 'decide-knows-only-nouns',
    says: 'a choice that imports a contract',
    files: {
      'src/decide/imports-contract.ts': imports('a', '../contracts/lawful-contract.js'),
      'src/contracts/lawful-contract.ts': imports('a', '../domain/lawful-answer.js'),
    },
  },
  {
    rule: 'contracts-know-only-nouns',
    says: 'a contract that imports a loop',
    files: {
      'src/contracts/imports-loop.ts': imports('a', '../serving/lawful-loop.js'),
      'src/serving/lawful-loop.ts': imports('a', '../domain/lawful-answer.js'),
    },
  },
  {
    rule: 'loops-know-no-adapter',
    says: 'a loop that imports an adapter',
    files: { 'src/control/imports-adapter.ts': imports('a', '../adapters/store/lawful/lawful-store.js') },
  },
  {
    rule: 'loops-know-no-front-end',
    says: 'a loop that imports a dialect',
    files: {
      'src/worker/imports-dialect.ts': imports('a', '../api/openai/lawful-dialect.js'),
      'src/api/openai/lawful-dialect.ts': imports('a', '../../domain/lawful-answer.js'),
    },
  },
  {
    rule: 'loops-do-not-know-each-other',
    says: 'control importing serving',
    files: { 'src/control/imports-serving.ts': imports('a', '../serving/lawful-loop.js') },
  },
  {
    rule: 'adapters-know-contracts-and-nouns',
    says: 'an adapter that imports a choice',
    files: { 'src/adapters/fleet/local/imports-choice.ts': imports('a', '../../../decide/lawful-choice.js') },
  },
  {
    rule: 'adapters-do-not-know-siblings',
    says: 'an adapter that imports its sibling',
    files: { 'src/adapters/store/other/imports-sibling.ts': imports('a', '../lawful/lawful-store.js') },
  },
  {
    rule: 'native-engine-stays-in-its-adapter',
    says: 'a worker that loads native code itself',
    files: { 'src/worker/imports-native.ts': imports('a', 'koffi') },
  },
  {
    rule: 'tensor-library-stays-in-its-adapter',
    says: 'a worker that computes on its event loop',
    files: { 'src/worker/imports-tensor-library.ts': imports('a', 'onnxruntime-node') },
  },
  {
    rule: 'metrics-client-stays-in-its-adapter',
    says: 'a loop that counts for itself',
    files: { 'src/serving/imports-metrics.ts': imports('a', 'prom-client') },
  },
  {
    rule: 'terminal-and-log-writers-stay-in-apps',
    says: 'a loop that writes its own log',
    files: { 'src/serving/imports-log-writer.ts': imports('a', 'pino') },
  },
  {
    rule: 'front-ends-use-facades',
    says: 'a dialect that goes past the facade',
    files: { 'src/api/openai/imports-room.ts': imports('a', '../../serving/lawful-loop.js') },
  },
  {
    rule: 'front-ends-do-not-know-each-other',
    says: 'one dialect importing another',
    files: { 'src/api/sagemaker/imports-dialect.ts': imports('a', '../openai/lawful-dialect.js') },
  },
  {
    rule: 'apps-are-imported-by-nobody',
    says: 'a room that imports a composition root',
    files: { 'src/toolkit/imports-app.ts': imports('a', '../apps/server.js') },
  },
  {
    rule: 'pure-rooms-use-no-builtins',
    says: 'a choice that reads files',
    files: { 'src/decide/imports-builtin.ts': imports('a', 'node:fs') },
  },
  {
    rule: 'shipped-code-knows-no-tests',
    says: 'a room that imports a test',
    files: {
      'src/library/imports-test.ts': imports('a', '../domain/planted.test.js'),
      'src/domain/planted.test.ts':
        "import { answer } from './lawful-answer.js';\n\nexport const a = answer;\n",
    },
  },
  {
    rule: 'shipped-code-needs-no-development-packages',
    says: 'a room that imports a development package',
    files: { 'src/library/imports-development.ts': imports('a', 'fast-check') },
  },
  {
    rule: 'packages-are-declared',
    says: 'a package that is only there through another one',
    files: { 'src/library/imports-undeclared.ts': imports('a', 'acorn') },
  },
  {
    rule: 'no-cycles',
    says: 'two files that import each other',
    files: {
      'src/worker/cycle-one.ts': imports('a', './cycle-two.js'),
      'src/worker/cycle-two.ts': imports('a', './cycle-one.js'),
    },
  },
  {
    rule: 'no-orphans',
    says: 'a file that nobody needs and that needs nobody',
    files: { 'src/worker/unused-file.ts': 'export const unused = 1;\n' },
  },
];

const manyLines = (count: number): string => 'export const tall = [\n' + '  1,\n'.repeat(count) + '];\n';
const longFunction =
  'export function long(a: number): number {\n' + '  a += 1;\n'.repeat(71) + '  return a;\n}\n';

export const plantedLint: readonly Planted[] = [
  {
    rule: '@typescript-eslint/no-floating-promises',
    says: 'a promise nobody waits for',
    files: { 'src/worker/floating.ts': 'async function work(): Promise<void> {}\nwork();\n' },
  },
  {
    rule: '@typescript-eslint/no-misused-promises',
    says: 'an async function where nobody looks at the promise',
    files: { 'src/worker/misused.ts': '[1].forEach(async (n) => {\n  await Promise.resolve(n);\n});\n' },
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    says: 'a switch that forgets a member',
    files: {
      'src/worker/partial-switch.ts':
        "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
    },
  },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    says: 'a type imported as a value',
    files: {
      'src/worker/type-import.ts':
        "import { Planted } from './planted-type.js';\n\nexport const x: Planted | null = null;\n",
    },
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    says: 'any',
    files: { 'src/worker/any.ts': 'export const x = (y: any): void => void y;\n' },
  },
  {
    rule: 'eqeqeq',
    says: 'a comparison that converts',
    files: { 'src/worker/loose.ts': 'export const x = (y: unknown): boolean => y == 1;\n' },
  },
  {
    rule: 'no-restricted-properties',
    says: 'the clock and chance in the pure rooms',
    files: {
      'src/decide/pure/clock.ts': 'export const x = (): number => Date.now();\n',
      'src/domain/chance.ts': 'export const x = (): number => Math.random();\n',
    },
  },
  {
    rule: 'no-restricted-syntax',
    says: 'the present as a Date in the pure rooms, and default exports',
    files: {
      'src/decide/pure/present.ts': 'export const x = (): Date => new Date();\n',
      'src/worker/default-export.ts': 'export default 1;\n',
      'src/domain/default-export.ts': 'export default 1;\n',
    },
  },
  {
    rule: 'no-restricted-globals',
    says: 'performance, crypto and timers in the pure rooms',
    files: {
      'src/decide/pure/performance.ts': 'export const x = (): number => performance.now();\n',
      'src/decide/pure/identity.ts': 'export const x = (): string => crypto.randomUUID();\n',
      'src/decide/pure/timer.ts': 'export const x = (): unknown => setTimeout(() => undefined, 1);\n',
    },
  },
  {
    rule: 'no-console',
    says: 'printing outside of apps',
    files: { 'src/serving/prints.ts': 'console.log(1);\n' },
  },
  {
    rule: 'max-lines',
    says: 'a file of more than 400 lines',
    files: { 'src/worker/tall.ts': manyLines(400) },
  },
  {
    rule: 'max-lines-per-function',
    says: 'a function of more than 70 lines',
    files: { 'src/worker/long.ts': longFunction },
  },
];

const absolute = (...parts: string[]): string => '/' + parts.join('/');

export const plantedOthers: readonly Planted[] = [
  {
    rule: 'consistent-type-imports',
    says: 'what it needs to know a type',
    files: { 'src/worker/planted-type.ts': 'export interface Planted {\n  readonly a: number;\n}\n' },
  },
  {
    rule: 'types',
    says: 'a wrong type',
    files: { 'src/worker/wrong-type.ts': "export const x: number = 'one';\n" },
  },
  { rule: 'format', says: 'double quotes', files: { 'src/worker/unformatted.ts': 'export const x = "y"\n' } },
  {
    rule: 'tidy',
    says: 'bad names, marks, paths and registries',
    files: {
      'src/worker/CamelCase.ts': 'export const x = 1;\n',
      'src/worker/utils/attic.ts': 'export const x = 1;\n',
      'src/worker/marked.ts': `export const x = 1; // ${'TO' + 'DO'}: later\n`,
      'src/worker/machine.ts': `export const x = '${absolute('home', 'somebody', 'x')}';\n`,
      'package-lock.json': JSON.stringify({
        packages: { 'node_modules/koffi': { resolved: 'https://registry.example/koffi.tgz' } },
      }),
    },
  },
];
