/** What the linter holds; style.md's rules that a program can check. */
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', 'test/**'];

/** In the pure rooms time and chance are handed in, so that any run can be replayed from its seed. */
const impureSyntax = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The clock is handed in: take the time as a parameter.',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'The clock is handed in.' },
];
const impureProperties = [
  { object: 'Date', property: 'now', message: 'The clock is handed in: take the time as a parameter.' },
  { object: 'Math', property: 'random', message: 'Chance is handed in: take a Random.' },
];
const impureGlobals = [
  'performance',
  'crypto',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a thing is called the same everywhere.',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.cache/', '.stowage/', 'coverage/', 'test/data/'] },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/apps/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/domain/**/*.ts', 'src/decide/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-syntax': ['error', noDefaultExport, ...impureSyntax],
      'no-restricted-properties': ['error', ...impureProperties],
      'no-restricted-globals': ['error', ...impureGlobals],
    },
  },
  {
    files: tests,
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['src/domain/errors.ts'], // the one table of errors: a row more is not a thought more
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'module' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
);
