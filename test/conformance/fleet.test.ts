/** One suite for every fleet: processes of this machine, and the simulation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SubmittedStream } from '../../src/contracts/worker-protocol.js';
import { componentKey } from '../../src/domain/component.js';
import { CopyState } from '../../src/domain/copy.js';
import { Bed, ProcessFolder, simulatedMachine } from './fleet-bed.js';
import { madeUpAssignment, madeUpComponent } from './made-up-component.js';
import { fatalRequestId, StubConduct } from './stub-worker.js';

const folder = new ProcessFolder();

describe.each([
  ['local-process', () => folder.machine()],
  ['simulated', () => simulatedMachine()],
])('the %s fleet', (kind, makeMachine) => {
  let bed: Bed;
  beforeEach(() => {
    bed = new Bed(makeMachine());
  });
  afterEach(() => bed.close());
  const key = componentKey(madeUpComponent());

  it('brings a copy from starting to ready, with where it is reached and what it computes', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy, madeUpComponent({ generation: 3 })));
    expect(bed.find()).toMatchObject({ state: CopyState.Starting, address: null, exit: null });
    const seen = await bed.untilState(CopyState.Ready);
    expect(seen).toMatchObject({
      component: key,
      generation: 3,
      instance: 'i-1',
      info: { architecture: 'stub' },
    });
    expect(seen.address).toEqual(expect.any(String));
    expect(seen.pid).toBeGreaterThan(0);
  });

  it('tells what a copy is loading', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const seen = await bed.until(() => (bed.find()?.loading ? bed.find() : null));
    expect(seen).toMatchObject({ state: CopyState.Loading, loading: { phase: 'loading', fraction: 0.5 } });
  });

  it('may be told everything twice', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const { pid } = await bed.untilState(CopyState.Ready);
    bed.fleet.apply(madeUpAssignment(bed.copy));
    bed.fleet.drain(bed.copy);
    bed.fleet.drain(bed.copy);
    expect(bed.fleet.observe().copies.map((seen) => seen.pid)).toEqual([pid]);
    bed.fleet.remove(bed.copy);
    bed.fleet.remove(bed.copy);
    await bed.until(() => bed.find() === undefined);
    bed.fleet.remove(bed.copy);
    bed.fleet.drain(bed.copy);
    bed.fleet.setThreads(bed.copy, 2);
    expect(bed.fleet.observe().copies).toEqual([]);
  });

  it('drains: the bed.copy keeps its process and its address, and stays until it is removed', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const { address } = await bed.untilState(CopyState.Ready);
    bed.fleet.drain(bed.copy);
    expect(bed.find()).toMatchObject({ state: CopyState.Draining, address });
    const { report } = bed.find()!;
    await bed.until(() => bed.find()!.report !== report);
    expect(bed.find()!.state).toBe(CopyState.Draining);
  });

  it('passes on thread counts, also those given before the copy could hear them', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    bed.fleet.setThreads(bed.copy, 3);
    await bed.until(() => bed.find()!.report?.threads === 3);
    bed.fleet.setThreads(bed.copy, 2);
    await bed.until(() => bed.find()!.report?.threads === 2);
  });

  it('puts a copy to sleep that has nothing to do, and takes no notice of others', async () => {
    bed.fleet.sleep(bed.copy);
    bed.fleet.apply(madeUpAssignment(bed.copy));
    bed.fleet.sleep(bed.copy);
    await bed.untilState(CopyState.Ready);
    await bed.until(() => bed.find()!.report !== null);
    expect(bed.find()!.report?.isAsleep).not.toBe(true);
    bed.fleet.sleep(bed.copy);
    await bed.until(() => bed.find()!.report?.isAsleep === true);
  });

  it('hints when a copy becomes ready, busy and idle', async () => {
    let hints = 0;
    const stop = bed.fleet.onChange(() => hints++);
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const seen = await bed.untilState(CopyState.Ready);
    await bed.until(() => bed.find()!.report !== null);
    const before = hints;
    expect(before).toBeGreaterThan(1);
    const link = await bed.submit(seen, 'one');
    await bed.until(() => bed.find()!.report!.running === 1);
    expect(hints).toBe(before + 1);
    link.send({ type: 'cancel', streams: [1] });
    await bed.until(() => bed.find()!.report!.running === 0);
    expect(hints).toBe(before + 2);
    stop();
    bed.fleet.drain(bed.copy);
    expect(hints).toBe(before + 2);
  });

  it('sees a copy hang by its silence and a standstill by its steps, and can still remove it', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const seen = await bed.untilState(CopyState.Ready);
    await bed.submit(seen, 'one');
    await bed.until(() => bed.find()!.report?.running === 1);
    const standstillFrom = bed.find()!.progressAt;
    await bed.until(() => bed.find()!.heardAt > standstillFrom + 200);
    expect(bed.find()!.progressAt).toBe(standstillFrom);
    bed.machine.hang(bed.find()!);
    const hungAt = bed.machine.now();
    await bed.until(() => bed.machine.now() > hungAt + 300); // what was on the way has arrived
    const { heardAt } = bed.find()!;
    await bed.until(() => bed.machine.now() > hungAt + 700);
    expect(bed.find()!.heardAt).toBe(heardAt);
    bed.fleet.remove(bed.copy);
    await bed.until(() => bed.find() === undefined);
  });

  it('observes the end of a ready bed.copy as RUN-301, until it is removed', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    await bed.submit(await bed.untilState(CopyState.Ready), fatalRequestId);
    const seen = await bed.untilState(CopyState.Exited);
    expect(seen).toMatchObject({ address: null, exit: { code: 'RUN-301' } });
    expect(seen.exit!.message).toMatch(/code 7/);
    bed.fleet.remove(bed.copy);
    expect(bed.find()).toBeUndefined();
  });

  it.each([
    ['that ends before it is ready', StubConduct.Failing, 'RUN-304', /code 9/],
    ['that says why it cannot start', StubConduct.Refusing, 'MODEL-022', /cut off/],
    ['that takes more memory than it may', StubConduct.Greedy, 'RUN-302', /its limit is 1024 MiB/],
  ])('observes the end of a bed.copy %s', async (_name, modelPath, code, words) => {
    bed.fleet.apply(madeUpAssignment(bed.copy, madeUpComponent({ modelPath, memoryBytesMax: 1024 ** 3 })));
    const { exit } = await bed.untilState(CopyState.Exited);
    expect(exit!.code).toBe(code);
    expect(exit!.message).toMatch(words);
  });

  it('runs two incarnations of one id beside each other', async () => {
    const next = { ...bed.copy, incarnation: bed.copy.incarnation + 1 };
    bed.fleet.apply(madeUpAssignment(bed.copy));
    bed.fleet.apply(madeUpAssignment(next, madeUpComponent({ generation: 2 })));
    const first = await bed.untilState(CopyState.Ready);
    const second = await bed.untilState(CopyState.Ready, next);
    expect(first.address).not.toBe(second.address);
    bed.fleet.remove(bed.copy);
    await bed.until(() => bed.find() === undefined);
    expect(bed.find(next)!.state).toBe(CopyState.Ready);
  });

  it('keeps its address from a caller that means another incarnation', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const seen = await bed.untilState(CopyState.Ready);
    let reason: string | null = null;
    let isOpen = false;
    const stale = { ...bed.copy, incarnation: bed.copy.incarnation - 1 };
    bed.dial(
      seen.address!,
      stale,
      () => (isOpen = true),
      (why) => (reason = why),
    );
    expect(await bed.until(() => reason)).toMatch(/another copy/);
    expect(isOpen).toBe(false);
  });

  it('shows its hosts, with the memory there is and the memory that can be taken', () => {
    const [host] = bed.fleet.observe().hosts;
    expect(host).toMatchObject({ id: 'local', cpus: expect.any(Number) as number });
    expect(host!.memoryBytesAvailable).toBeGreaterThan(0);
    expect(host!.memoryBytesAvailable).toBeLessThanOrEqual(host!.memoryBytesTotal);
  });

  describe('opened anew', () => {
    it('adopts what runs, with its incarnation, its process and its address', async () => {
      bed.fleet.apply(madeUpAssignment(bed.copy, madeUpComponent({ generation: 3 })));
      const before = await bed.untilState(CopyState.Ready);
      bed.reopen();
      expect(bed.fleet.observe().copies.map((seen) => [seen.copy, seen.pid])).toEqual([
        [bed.copy, before.pid],
      ]);
      const after = await bed.untilState(CopyState.Ready);
      const { address, component, generation, instance, pid, info } = before;
      expect(after).toMatchObject({ address, component, generation, instance, pid, info });
    });

    it('starts nothing a second time, and passes on what an adopted copy is told', async () => {
      bed.fleet.apply(madeUpAssignment(bed.copy));
      const { pid } = await bed.untilState(CopyState.Ready);
      bed.reopen();
      bed.fleet.apply(madeUpAssignment(bed.copy, madeUpComponent(), 3));
      await bed.until(() => bed.find()?.report?.threads === 3);
      bed.fleet.drain(bed.copy);
      expect(bed.fleet.observe().copies.map((seen) => [seen.state, seen.pid])).toEqual([
        [CopyState.Draining, pid],
      ]);
    });

    it('disturbs no caller of an adopted copy', async () => {
      bed.fleet.apply(madeUpAssignment(bed.copy));
      let closed: string | null = null;
      const { address } = await bed.untilState(CopyState.Ready);
      bed.dial(
        address!,
        bed.copy,
        () => undefined,
        (why) => (closed = why),
      );
      bed.reopen();
      await bed.untilState(CopyState.Ready);
      await bed.until(() => bed.find()!.report !== null);
      expect(closed).toBeNull();
    });

    it('observes that an adopted copy ends, and can remove it', async () => {
      bed.fleet.apply(madeUpAssignment(bed.copy));
      const { address } = await bed.untilState(CopyState.Ready);
      bed.reopen();
      await bed.submit({ ...(await bed.untilState(CopyState.Ready)), address }, fatalRequestId);
      const seen = await bed.untilState(CopyState.Exited);
      expect(seen.exit).toMatchObject({ code: 'RUN-301' });
      expect(seen.exit!.message).toMatch(/code 7/);
      bed.fleet.remove(bed.copy);
      expect(bed.find()).toBeUndefined();
    });

    it('observes what ended while nobody looked, until it is removed', async () => {
      bed.fleet.apply(madeUpAssignment(bed.copy));
      const link = await bed.submit(await bed.untilState(CopyState.Ready), 'one');
      bed.fleet.leave();
      link.send({ type: 'submit', streams: [{ stream: 2, requestId: fatalRequestId } as SubmittedStream] });
      for (let step = 0; step < 20; step++) await bed.machine.pass();
      bed.fleet = bed.machine.open();
      const seen = await bed.untilState(CopyState.Exited);
      expect(seen.exit!.message).toMatch(/code 7/);
      bed.fleet.remove(bed.copy);
      expect(bed.find()).toBeUndefined();
      bed.fleet.leave();
      bed.fleet = bed.machine.open();
      expect(bed.fleet.observe().copies).toEqual([]);
    });

    it('ends an adopted copy that is removed, and remembers no copy that is gone', async () => {
      bed.fleet.apply(madeUpAssignment(bed.copy));
      await bed.untilState(CopyState.Ready);
      bed.reopen();
      bed.fleet.remove(bed.copy);
      await bed.until(() => bed.find() === undefined);
      bed.reopen();
      expect(bed.fleet.observe().copies).toEqual([]);
    });
  });

  it('leaves nothing behind when it is closed', async () => {
    bed.fleet.apply(madeUpAssignment(bed.copy));
    const { pid } = await bed.untilState(CopyState.Ready);
    await bed.fleet.close();
    expect(bed.fleet.observe().copies).toEqual([]);
    if (kind === 'local-process') expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/);
  });
});
