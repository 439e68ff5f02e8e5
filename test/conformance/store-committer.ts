/**
 * A process of its own for store.test.ts: commits two counters together, as fast as it can, into the file named by
 * its argument, and prints each value once its commit has returned. It runs until it is killed.
 */
import { writeSync } from 'node:fs';
import { createSqliteStore } from '../../src/adapters/store/sqlite/store.js';
import type { Change } from '../../src/contracts/store.js';

const store = createSqliteStore(process.argv[2]!);
let revision = store.load()[0]?.revision ?? 0;
for (;;) {
  const value = revision + 1;
  store.commit(
    ['a', 'b'].map((name): Change => {
      const record = { kind: 'counter', name, value } as const;
      return {
        key: `counter:${name}`,
        expectedRevision: revision,
        value: record,
        event: 'counter-set',
        reason: 'it rises',
      };
    }),
    Date.now(),
  );
  revision = value;
  writeSync(1, `${value}\n`);
}
