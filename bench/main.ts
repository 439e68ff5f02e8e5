/**
 * `npm run bench -- NAME [--quick] [--only PART] [--trace FILE] [--json FILE]`: runs one bench and shows its rows.
 *
 * The table, the machine and the commit go to standard output, progress to standard error, and with `--json` a
 * list of rows to a file. Whatever the bench started is ended before it returns or dies.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchContext } from './bench.js';
import { Children } from './children.js';
import { coldStartBench } from './cold-start/cold-start.js';
import { wakeLadderBench } from './cold-start/wake-ladder.js';
import { controlBench } from './control/control.js';
import { streamsBench } from './streams/streams.js';
import { dynamicBatchingBench } from './dynamic-batching/dynamic-batching.js';
import { engineBench } from './engine/engine.js';
import { firstTokenBench } from './first-token/first-token.js';
import { forecastBench } from './forecast/forecast.js';
import { gatewayBench } from './gateway/gateway.js';
import { mixedBench } from './mixed/mixed.js';
import { placementBench } from './placement/placement.js';
import { prefixBench } from './prefix/prefix.js';
import { recipeBench } from './recipe/recipe.js';
import { describeRun, formatRows } from './report.js';
import { overloadBench } from './scaling/overload.js';
import { scalingBench } from './scaling/scaling.js';
import { routingBench } from './routing/routing.js';
import { speculativeBench } from './speculative/speculative.js';

const benches: readonly Bench[] = [
  engineBench,
  gatewayBench,
  firstTokenBench,
  controlBench,
  placementBench,
  prefixBench,
  mixedBench,
  dynamicBatchingBench,
  recipeBench,
  routingBench,
  coldStartBench,
  wakeLadderBench,
  speculativeBench,
  forecastBench,
  streamsBench,
  scalingBench,
  overloadBench,
];

/** Exit codes of the house: 0 = ran, also when a target was missed; 1 = broke; 64 = wrong usage. */
export async function runBench(commandArguments: readonly string[], root: string): Promise<number> {
  const call = parseCall(commandArguments);
  if (call === null) return 64;
  if (call.bench === null) {
    console.log(listing());
    return 0;
  }
  const startedAt = performance.now();
  const children = new Children();
  const context: BenchContext = {
    root,
    isQuick: call.isQuick,
    only: call.only,
    trace: call.trace,
    children,
    say: (line) => console.error(`[${((performance.now() - startedAt) / 1000).toFixed(0)} s] ${line}`),
  };
  try {
    const rows = await call.bench.run(context);
    console.log(`\n${formatRows(rows)}\n\n${describeRun(root, callText(call))}`);
    if (call.jsonFile !== null) writeFileSync(call.jsonFile, `${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    return 1;
  } finally {
    await children.endAll();
  }
}

interface Call {
  /** Null = show which there are. */
  readonly bench: Bench | null;
  readonly isQuick: boolean;
  readonly only: string | null;
  readonly trace: string | null;
  readonly jsonFile: string | null;
}

/** Null when the words make no sense, which has been said then. */
function parseCall(words: readonly string[]): Call | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        trace: { type: 'string' },
        json: { type: 'string' },
      },
      allowPositionals: true,
    });
    const bench = benches.find(({ name }) => name === positionals[0]) ?? null;
    if (positionals.length > 1 || (bench === null && positionals.length === 1)) {
      throw new Error(`no bench is named \`${positionals.join(' ')}\``);
    }
    return {
      bench,
      isQuick: values.quick,
      only: values.only ?? null,
      trace: values.trace ?? null,
      jsonFile: values.json ?? null,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${listing()}`);
    return null;
  }
}

function listing(): string {
  const lines = benches.map(({ name, measures }) => `  ${name.padEnd(12)} ${measures}`);
  return ['npm run bench -- NAME [--quick] [--only PART] [--trace FILE] [--json FILE]', '', ...lines].join(
    '\n',
  );
}

function callText({ bench, isQuick, only, trace }: Call): string {
  const flags = [
    isQuick ? ' --quick' : '',
    only === null ? '' : ` --only ${only}`,
    trace === null ? '' : ` --trace ${trace}`,
  ].join('');
  return `npm run bench -- ${bench?.name ?? ''}${flags}`;
}
