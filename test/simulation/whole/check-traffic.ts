/**
 * What must hold of requests and of the copies that get them: none goes to a copy that may not have it or is somebody
 * else's, each ends once with the model's own tokens, and none fails that had a healthy copy all the time. Says also
 * since when each component has had one.
 */
import { simulatedEndToken, simulatedNextToken } from '../../../src/adapters/engine/simulated/engine.js';
import type { SimulatedMachine } from '../../../src/adapters/fleet/simulated/machine.js';
import type { RouteTable } from '../../../src/contracts/route-feed.js';
import { emptyRouteTable } from '../../../src/contracts/route-feed.js';
import type { WorkerDialer } from '../../../src/contracts/worker-link.js';
import type { FromWorker, ToWorker } from '../../../src/contracts/worker-protocol.js';
import { componentKey, parseComponentKey } from '../../../src/domain/component.js';
import { copyKey, type CopyRef, CopyState } from '../../../src/domain/copy.js';
import type { InferenceEnd, GenerationRequest, TokenChunk } from '../../../src/domain/inference.js';
import { Outcome } from '../../../src/domain/inference.js';
import type { AnswerSink } from '../../../src/serving/facade.js';
import { interruptionsMax } from '../../../src/serving/lane.js';
import type { Records } from './check-records.js';
import type { Life } from './clock.js';
import { endEvery } from './worker.js';

export interface TrafficParts {
  readonly now: () => number;
  readonly machine: () => SimulatedMachine;
  readonly records: Records;
  /** Tables reach serving within this time after what they say, unless the link was broken later than `brokenAt`. */
  readonly tableMsMax: number;
  readonly brokenAt: () => number;
  readonly complain: (problem: string) => void;
}

export class TrafficChecker {
  /** What serving goes by. */
  table: RouteTable = emptyRouteTable;
  /** Requests that have not ended, by their ids. */
  readonly answers = new Map<string, Answer>();
  readonly outcomes = new Map<string, number>();
  private isServing = false;
  /** By `componentKey`, and by that and a generation: since when there has been a healthy copy that serving knows. */
  private readonly coveredSince = new Map<string, number>();
  private readonly frozen = new Set<string>();
  /** By `componentKey`: connections that serving lost. */
  private readonly losses = new Map<string, number>();
  /** By `copyKey`: streams that are in flight, and when the last one was handed over. */
  private readonly flying = new Map<string, { readonly streams: Set<string>; handedAt: number }>();
  private connections = 0;

  constructor(readonly parts: TrafficParts) {}

  setServing(isServing: boolean): void {
    this.isServing = isServing;
    if (!isServing) {
      this.flying.clear();
      for (const answer of this.answers.values()) answer.lose();
      this.answers.clear();
    }
    this.look();
  }

  setTable(table: RouteTable): void {
    this.table = table;
    this.look();
  }

  setFrozen(address: string, isFrozen: boolean): void {
    if (isFrozen) this.frozen.add(address);
    else this.frozen.delete(address);
    this.look();
  }

  /** Something came or went: who has a healthy copy? */
  look(): void {
    const covered = new Set<string>();
    const { processes } = this.parts.machine();
    for (const { copy, component, generation } of this.isServing ? this.table.copies : []) {
      const process = processes.get(copyKey(copy));
      if (process === undefined || process.exitReason !== null || this.frozen.has(process.address)) continue;
      covered.add(component).add(`${component} ${generation}`);
    }
    for (const key of covered) {
      if (!this.coveredSince.has(key)) this.coveredSince.set(key, this.parts.now());
    }
    for (const key of [...this.coveredSince.keys()]) if (!covered.has(key)) this.coveredSince.delete(key);
  }

  /** True when the component has had a healthy copy since then; of that generation, unless it is null. */
  isCoveredSince(component: string, generation: number | null, at: number): boolean {
    const key = generation === null ? component : `${component} ${generation}`;
    return (this.coveredSince.get(key) ?? Infinity) <= at;
  }

  lossesOf(component: string): number {
    return this.losses.get(component) ?? 0;
  }

  /** A table that control gives out: whoever it names may be given requests now. */
  checkTable(table: RouteTable, before: RouteTable | null): void {
    const { complain, records, machine } = this.parts;
    if (before !== null && table.revision <= before.revision) {
      complain(`route table ${table.revision} follows ${before.revision}`);
    }
    const keys = new Set<string>();
    for (const { copy, component, group } of table.copies) {
      const key = copyKey(copy);
      const record = records.copy(key);
      if (record?.wish !== 'run' || record.state !== CopyState.Ready) {
        complain(
          `a table names ${key}, which is ${record?.state ?? 'gone'} and to ${record?.wish ?? 'be gone'}`,
        );
      } else if (record.component !== component || record.endpointGeneration !== group) {
        complain(`a table names ${key} for ${component}, group ${group}`);
      }
      if (!machine().processes.has(key)) complain(`a table names ${key}, which has no process`);
      keys.add(component);
    }
    const named = new Set(
      table.endpoints.flatMap((one) => one.components.map((of) => componentKey(of.component))),
    );
    for (const key of keys) if (!named.has(key)) complain(`a table has copies of ${key} and not itself`);
  }

  /** The network as a serving process has it. */
  dialer(network: WorkerDialer, life: Life, onDial: (close: () => void) => void): WorkerDialer {
    return {
      dial: (address, copy, events) => {
        const connection = ++this.connections;
        const link = network.dial(address, copy, {
          onOpen: () => life.isOver || events.onOpen(),
          onMessage: (message) => {
            if (life.isOver) return;
            this.heard(connection, copy, message);
            events.onMessage(message);
          },
          onClose: (reason) => {
            if (life.isOver) return;
            this.lost(connection, copy);
            events.onClose(reason);
          },
        });
        onDial(() => link.close());
        return {
          send: (message) => {
            if (life.isOver) return;
            this.said(connection, copy, address, message);
            link.send(message);
          },
          close: () => link.close(),
        };
      },
    };
  }

  /** The fleet ends a process that has nothing left to do: then it must have nothing. */
  checkDrained(copy: CopyRef): void {
    const key = copyKey(copy);
    const record = this.parts.records.copy(key);
    const flying = this.flying.get(key);
    if (record === undefined || flying === undefined || flying.streams.size === 0) return;
    if (!record.reason.startsWith('it has finished')) return;
    if (this.frozen.has(this.parts.machine().processes.get(key)?.address ?? '')) return;
    // What a late table sent there is not its fault.
    const since = this.parts.records.unservedSince(key) ?? Infinity;
    if (this.isLate(since) || flying.handedAt > since + this.parts.tableMsMax) return;
    this.parts.complain(`${key} is ended as idle with ${[...flying.streams].join(', ')} in flight`);
  }

  private said(connection: number, copy: CopyRef, address: string, message: ToWorker): void {
    const key = copyKey(copy);
    if (message.type === 'cancel') {
      for (const stream of message.streams) this.flying.get(key)?.streams.delete(`${connection}/${stream}`);
    }
    if (message.type !== 'submit') return;
    this.checkSubmission(
      copy,
      address,
      message.streams.map(({ requestId }) => requestId),
    );
    const flying = this.flying.get(key) ?? { streams: new Set<string>(), handedAt: 0 };
    flying.handedAt = this.parts.now();
    for (const { stream } of message.streams) flying.streams.add(`${connection}/${stream}`);
    this.flying.set(key, flying);
  }

  private checkSubmission(copy: CopyRef, address: string, requests: readonly string[]): void {
    const { complain, records, machine, now, tableMsMax } = this.parts;
    const key = copyKey(copy);
    const route = this.table.copies.find((one) => copyKey(one.copy) === key);
    if (route === undefined) return complain(`${key} is given requests, the route table does not name it`);
    const there = machine().processes.get(key);
    if (there !== undefined && there.address !== address) complain(`${key} is asked at ${address}`);
    const since = records.unservedSince(key);
    if (since !== null && now() > since + tableMsMax && !this.isLate(since)) {
      complain(`${key} is given requests ${now() - since} ms after it was no longer to have any`);
    }
    for (const id of requests) {
      this.answers.get(id)?.handedTo(route.generation);
      const wanted = id.slice(id.indexOf(' ') + 1).replace(/-shadow$/, '');
      const [asked, given] = [parseComponentKey(wanted), parseComponentKey(route.component)];
      const isShadow = id.endsWith('-shadow');
      const isRight = isShadow
        ? asked.endpoint === given.endpoint && asked.scope.account === given.scope.account
        : wanted === route.component;
      if (!isRight) complain(`${key} of ${route.component} is given ${id}`);
    }
  }

  private heard(connection: number, copy: CopyRef, message: FromWorker): void {
    if (message.type !== 'step') return;
    for (const { stream, end, error } of message.updates) {
      if (end === undefined && error === undefined) continue;
      this.flying.get(copyKey(copy))?.streams.delete(`${connection}/${stream}`);
      if (error !== undefined)
        this.parts.complain(`${copyKey(copy)} answers ${error.code}: ${error.message}`);
    }
  }

  private lost(connection: number, copy: CopyRef): void {
    const key = copyKey(copy);
    const streams = this.flying.get(key)?.streams;
    for (const one of streams ?? []) if (one.startsWith(`${connection}/`)) streams?.delete(one);
    const component = this.table.copies.find((one) => copyKey(one.copy) === key)?.component;
    if (component !== undefined) this.losses.set(component, this.lossesOf(component) + 1);
  }

  /** True when tables may not have come through since then. */
  private isLate(since: number): boolean {
    return this.parts.brokenAt() >= since;
  }
}

/** One request, from its caller's side. */
export class Answer implements AnswerSink {
  private readonly tokens: number[] = [];
  private text = '';
  private starts = 0;
  private end: InferenceEnd | null = null;
  private isCancelled = false;
  private isLost = false;
  /** Of the copy that had it last. */
  private generation: number | null = null;
  private readonly arrivedAt: number;
  private readonly lossesBefore: number;

  constructor(
    readonly request: GenerationRequest,
    private readonly component: string,
    private readonly checker: TrafficChecker,
  ) {
    this.arrivedAt = checker.parts.now();
    this.lossesBefore = checker.lossesOf(component);
    checker.answers.set(request.id, this);
  }

  get isOpen(): boolean {
    return this.end === null && !this.isLost;
  }

  onStart(promptTokens: number): void {
    this.expect(++this.starts === 1 && this.isOpen, 'began twice, or after its end');
    const { input } = this.request;
    this.expect(
      input.kind === 'tokens' && input.tokens.length === promptTokens,
      `has ${promptTokens} prompt tokens`,
    );
  }

  onChunk(chunk: TokenChunk): void {
    this.expect(this.starts === 1 && this.isOpen, 'gets text before its start or after its end');
    this.tokens.push(...chunk.tokens);
    this.text += chunk.text;
  }

  onEnd(end: InferenceEnd): void {
    this.expect(this.isOpen, 'ended twice');
    this.end = end;
    this.check(end);
    const { outcomes } = this.checker;
    const name = end.outcome === Outcome.Completed ? end.outcome : `${end.outcome} ${end.error.code}`;
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    this.checker.answers.delete(this.request.id);
  }

  handedTo(generation: number): void {
    this.generation = generation;
  }

  noteCancel(): void {
    this.isCancelled = true;
  }

  /** Its serving process is gone, and its connection with it. */
  lose(): void {
    this.isLost = true;
  }

  private check(end: InferenceEnd): void {
    const right = rightTokens(this.request);
    const isWhole = end.outcome === Outcome.Completed;
    const expected = isWhole ? right : right.slice(0, this.tokens.length);
    this.expect(
      String(this.tokens) === String(expected),
      `has the tokens ${this.tokens.join()}, not ${expected.join()}`,
    );
    if (isWhole) this.expect(this.text === textOf(right), `has the text “${this.text}”`);
    if (isWhole || (end.outcome === Outcome.Cancelled && this.isCancelled)) return;
    const { code, message } = end.error;
    const isWornOut =
      code === 'RUN-305' && this.checker.lossesOf(this.component) - this.lossesBefore >= interruptionsMax;
    // An answer that has begun goes on with the model that began it, and with no other.
    const generation = this.tokens.length === 0 ? null : this.generation;
    const isCovered = this.checker.isCoveredSince(this.component, generation, this.arrivedAt);
    this.expect(!isCovered || isWornOut, `fails with a healthy copy there all the time: ${code}, ${message}`);
    this.expect(code !== 'INT-500', 'met a defect');
  }

  private expect(isSo: boolean, problem: string): void {
    if (!isSo) this.checker.parts.complain(`request ${this.request.id} ${problem}`);
  }
}

/** By the model's definition alone. */
function rightTokens({ input, newTokensMax }: GenerationRequest): number[] {
  const all = input.kind === 'tokens' ? [...input.tokens] : [];
  const right: number[] = [];
  while (right.length < (newTokensMax ?? 0)) {
    const token = simulatedNextToken(all, endEvery);
    if (token === simulatedEndToken) break;
    all.push(token);
    right.push(token);
  }
  return right;
}

function textOf(tokens: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(tokens.filter((token) => token < 256)));
}
