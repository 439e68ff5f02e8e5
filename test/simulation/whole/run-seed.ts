/**
 * One seed: some tenants of two accounts live under faults for a while; then it is calm, and everything must come to
 * rest as it was asked for; then all is deleted, and nothing may be left. A seed gives the same run every time.
 */
import { createHash } from 'node:crypto';
import { foldLedger } from '../../../src/decide/replay/fold-ledger.js';
import type { RecordKind } from '../../../src/domain/record.js';
import type { Scope } from '../../../src/domain/scope.js';
import type { SeedResult } from '../seed-orders.js';
import { SeededRandom } from '../seeded-random.js';
import { leftovers, unrest } from './check-rest.js';
import { checkTwins } from './check-twins.js';
import { Client } from './client.js';
import { catalogue, drawHosts, shapes } from './drawn-inputs.js';
import { Requests } from './requests.js';
import { Tenant } from './tenant.js';
import { Storm } from './weather.js';
import { World } from './world.js';

const scopes: readonly Scope[] = [
  { account: '111122223333', region: 'us-east-1' },
  { account: '444455556666', region: 'us-east-1' },
];

/** Virtual minutes of faults, unless another number is asked for. */
export const minutesDefault = 2;
/** Once it is calm, everything is as asked within this time, milliseconds: deployments give up after 10 minutes. */
const restMsMax = 40 * 60_000;
/** So long nothing moves any more, milliseconds. */
const restMs = 3_000;
/** Between two looks whether it is at rest, milliseconds. */
const lookMs = 1_000;
const ledgerMax = 10_000_000;
/** Of a record in the story, characters. */
const recordLengthMax = 4_000;

export async function runSeed(seed: number, minutes = minutesDefault): Promise<SeedResult> {
  const run = new Run(seed, minutes * 60_000);
  try {
    await run.go();
  } catch (error) {
    run.world.violation ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
    run.tellRecords();
  }
  return run.result();
}

class Run {
  readonly world: World;
  private readonly storm: Storm;
  private readonly random: SeededRandom;
  private readonly tenants: readonly Tenant[];
  private readonly requests: Requests;

  constructor(
    private readonly seed: number,
    private readonly stormMs: number,
  ) {
    this.random = new SeededRandom(seed * 8);
    const hosts = drawHosts(this.random);
    this.storm = new Storm(new SeededRandom(seed * 8 + 4), hosts);
    this.world = new World({
      seed,
      hosts,
      catalogue,
      limits: { coresMax: 16, provisionSecondsMax: 60 },
      home: scopes[0]!,
      weather: this.storm,
      linkMsMax: this.storm.climate.linkMsMax + 1,
    });
    this.requests = new Requests(this.world, new SeededRandom(seed * 8 + 5));
    this.tenants = this.drawTenants();
  }

  async go(): Promise<void> {
    const { world, stormMs, storm, tenants } = this;
    world.note(`seed ${this.seed}: ${storm.blows.join(', ')}; ${JSON.stringify(storm.climate)}`);
    world.begin();
    const callables = () => tenants.flatMap((tenant) => tenant.callables());
    const lives = this.together([
      ...tenants.map((tenant) => tenant.live(stormMs)),
      this.requests.ask(stormMs, 300 + this.random.below(1_500), callables),
      storm.blow(world, stormMs),
    ]);
    for (let part = 0; part < 2; part++) {
      await world.run(stormMs / 2);
      checkTwins(world);
    }
    storm.calm(world);
    await this.until('the last changes are answered', () => lives.isDone);
    await this.comeToRest();
    this.checkLedger();
    const leaving = this.together(tenants.map((tenant) => tenant.leave()));
    await this.until('everything is deleted', () => leaving.isDone);
    await this.until(
      'nothing is left',
      () => leftovers(world).length === 0,
      () => leftovers(world),
    );
    await world.run(restMs);
    this.checkLedger();
    for (const id of world.traffic.answers.keys()) world.complain(`request ${id} never ended`);
    if (world.violation !== null) throw new Error(world.violation);
  }

  /** How things are at the end, for whoever looks for the cause. */
  tellRecords(): void {
    const kinds = ['endpoint', 'inference-component', 'instance', 'copy'] as const;
    for (const record of kinds.flatMap((kind) => this.world.records.of<RecordKind>(kind))) {
      this.world.note(`${JSON.stringify(record).slice(0, recordLengthMax)}`);
    }
  }

  result(): SeedResult {
    const { world } = this;
    const hash = createHash('sha256');
    for (const entry of world.disk.ledger({ limit: ledgerMax })) hash.update(JSON.stringify(entry));
    hash.update(JSON.stringify([...world.traffic.outcomes].sort()));
    return {
      seed: this.seed,
      violation: world.violation,
      hash: hash.digest('hex').slice(0, 16),
      requests: this.requests.asked,
      ...world.counts,
      virtualSeconds: Math.round(world.clock.now() / 1000),
      story: world.story,
    };
  }

  private drawTenants(): readonly Tenant[] {
    const { world, random } = this;
    const accounts = scopes.map(({ account }) => account);
    const clients = scopes.map(
      (scope) =>
        new Client(
          world,
          scope,
          accounts.filter((account) => account !== scope.account),
        ),
    );
    const count = 1 + random.below(3);
    return Array.from({ length: count }, (_, index) => {
      const shape = shapes[random.below(shapes.length)]!;
      // The second tenant has the first one's names in another account.
      const client = clients[index === 1 ? 1 : 0]!;
      const tenantRandom = new SeededRandom(this.seed * 8 + 6 + (index + 1) * 0x10000);
      return new Tenant(world, client, tenantRandom, index === 2 ? 'nova' : 'apex', shape);
    });
  }

  /** Runs them at the same time; one that throws is a violation. */
  private together(lives: readonly Promise<void>[]): { isDone: boolean } {
    const state = { isDone: false };
    void Promise.all(lives).then(
      () => (state.isDone = true),
      (error: unknown) => this.world.complain(error instanceof Error ? (error.stack ?? '') : String(error)),
    );
    return state;
  }

  private async comeToRest(): Promise<void> {
    const { world, tenants } = this;
    const problems = () => unrest(world, tenants);
    let calmSince: number | null = null;
    await this.until(
      'everything is as it was asked for',
      () => {
        calmSince = problems().length === 0 ? (calmSince ?? world.clock.now()) : null;
        return calmSince !== null && world.clock.now() - calmSince >= restMs;
      },
      problems,
    );
    world.note('at rest');
  }

  private async until(
    what: string,
    isSo: () => boolean,
    why: () => readonly string[] = () => [],
  ): Promise<void> {
    const { world } = this;
    const giveUpAt = world.clock.now() + restMsMax;
    while (!isSo()) {
      if (world.clock.now() >= giveUpAt) {
        world.complain(
          `after ${restMsMax / 60_000} minutes of calm it is not so that ${what}: ${why().join('; ')}`,
        );
      }
      await world.run(lookMs);
    }
  }

  /** Folding the ledger gives the records, in the store and in the checker's own picture. */
  private checkLedger(): void {
    const { world } = this;
    const { disk } = world;
    const folded = foldLedger(disk.base(), disk.ledger({ limit: ledgerMax }));
    const text = (rows: Iterable<readonly [string, unknown]>) => JSON.stringify([...rows].sort());
    const stored = disk.load().map(({ key, revision, value }) => [key, { revision, value }] as const);
    if (text(folded) !== text(stored)) world.complain('folding the ledger does not give the records');
    const values = (rows: readonly unknown[]) =>
      JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
    if (values(world.records.everything()) !== values(stored.map(([, { value }]) => value))) {
      world.complain('the records are not what was written');
    }
  }
}
