/**
 * Tests by what they need: `unit` and `house` need nothing, `conformance`, `simulation` and `wire` a few
 * loopback sockets, `e2e` real processes and the machine to themselves, `hardware` weights or an
 * accelerator. `npx vitest run --project NAME` runs one kind. Nothing is retried: a test that fails
 * sometimes has found something.
 */
import { defineConfig } from 'vitest/config';

interface Kind {
  readonly name: string;
  readonly include: string;
  readonly testSecondsMax: number;
  /** Kinds of one group run together, groups one after the other. */
  readonly group: number;
  /** Its files run one at a time. */
  readonly alone?: boolean;
}

const kinds: readonly Kind[] = [
  { name: 'unit', include: '{src,models}/**/*.test.ts', testSecondsMax: 20, group: 0 },
  { name: 'house', include: 'test/house/**/*.test.ts', testSecondsMax: 120, group: 1, alone: true },
  { name: 'conformance', include: 'test/conformance/**/*.test.ts', testSecondsMax: 30, group: 2 },
  { name: 'simulation', include: 'test/simulation/**/*.test.ts', testSecondsMax: 120, group: 2 },
  { name: 'wire', include: 'test/wire/**/*.test.ts', testSecondsMax: 60, group: 3 },
  { name: 'e2e', include: 'test/e2e/**/*.test.ts', testSecondsMax: 240, group: 4, alone: true },
  { name: 'hardware', include: 'test/hardware/**/*.test.ts', testSecondsMax: 300, group: 5, alone: true },
];

export default defineConfig({
  test: {
    passWithNoTests: true,
    maxWorkers: 2,
    projects: kinds.map((kind) => ({
      test: {
        name: kind.name,
        include: [kind.include],
        environment: 'node',
        pool: 'forks',
        testTimeout: kind.testSecondsMax * 1000,
        hookTimeout: 60_000,
        teardownTimeout: 10_000,
        sequence: { groupOrder: kind.group },
        maxWorkers: kind.alone === true ? 1 : 2,
      },
    })),
  },
});
