/**
 * What the requests of each key came to in one lane: the time that copies had them, the requests that ended and their
 * tokens. Counting allocates only for a key that was silent before.
 */
import { type CallerLoad, callersMax } from '../contracts/load-reports.js';
import type { Caller, Usage } from '../domain/inference.js';

/** The running counts of one key. */
export interface CallerMeter {
  readonly account: string;
  readonly key: string;
  requests: number;
  promptTokens: number;
  generatedTokens: number;
  /** Requests that copies have now, and until when their time is in `copyMs`. */
  open: number;
  countedAt: number;
  copyMs: number;
}

const none: readonly CallerLoad[] = [];

export class CallerMeters {
  private readonly meters = new Map<string, CallerMeter>();
  private isBusy = false;

  /** A copy has one request more of it; say `leave` of what is returned. */
  begin(caller: Caller, now: number): CallerMeter {
    const meter = this.of(caller, now);
    advance(meter, now);
    meter.open++;
    this.isBusy = true;
    return meter;
  }

  /** A copy has one request less of it. */
  leave(meter: CallerMeter, now: number): void {
    advance(meter, now);
    meter.open--;
  }

  /** A request ended, wherever it was. */
  end(caller: Caller, { promptTokens, completionTokens }: Usage, now: number): void {
    const meter = this.of(caller, now);
    meter.requests++;
    meter.promptTokens += promptTokens;
    meter.generatedTokens += completionTokens;
    this.isBusy = true;
  }

  /** What was counted since the last call, of keys of which anything was. */
  take(now: number): readonly CallerLoad[] {
    if (!this.isBusy) return none;
    this.isBusy = false;
    const loads: CallerLoad[] = [];
    for (const [id, meter] of this.meters) {
      advance(meter, now);
      const { account, key, requests, promptTokens, generatedTokens, copyMs, open } = meter;
      if (requests > 0 || copyMs > 0) {
        loads.push({ account, key, requests, promptTokens, generatedTokens, copyMs });
        meter.requests = 0;
        meter.promptTokens = 0;
        meter.generatedTokens = 0;
        meter.copyMs = 0;
      }
      if (open === 0) this.meters.delete(id);
      else this.isBusy = true;
    }
    return loads;
  }

  /** The counts of a caller. Beyond `callersMax` callers those that come share one without a name. */
  private of(caller: Caller, now: number): CallerMeter {
    const isRoom = this.meters.size < callersMax - 1;
    const known = this.meters.get(caller.key) ?? (isRoom ? undefined : this.meters.get(''));
    if (known !== undefined) return known;
    const meter: CallerMeter = {
      account: isRoom ? caller.account : '',
      key: isRoom ? caller.key : '',
      requests: 0,
      promptTokens: 0,
      generatedTokens: 0,
      open: 0,
      countedAt: now,
      copyMs: 0,
    };
    this.meters.set(meter.key, meter);
    return meter;
  }
}

function advance(meter: CallerMeter, now: number): void {
  meter.copyMs += meter.open * (now - meter.countedAt);
  meter.countedAt = now;
}
