import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/simulation/virtual-clock.js';
import type { AdapterState } from '../contracts/worker-protocol.js';
import type { AdapterSource } from '../domain/adapter.js';
import { StowageError } from '../domain/errors.js';
import { AdapterKeeper } from './adapter-keeper.js';

const lingerMs = 60_000;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function source(id: string): AdapterSource {
  return { id, source: { url: `s3://adapters/${id}.gguf`, form: 'object' } };
}

/** A keeper with a loader that notes what it is asked for. */
function world(wanted: readonly string[]) {
  const clock = new VirtualClock();
  const deeds: string[] = [];
  const told: string[] = [];
  const broken = new Set<string>();
  const used = new Set<string>();
  const shown = (states: readonly AdapterState[]) =>
    states.map(({ id, error }) => (error === null ? id : `${id} ${error.code}`)).join(' ');
  const keeper = new AdapterKeeper(wanted.map(source), {
    clock,
    log: silent,
    lingerMs,
    onStates: (states) => void told.push(shown(states)),
  });
  const slow = new Set<string>();
  const keep = () =>
    keeper.keep({
      load: async ({ id }, unwanted) => {
        deeds.push(`load ${id}`);
        await Promise.resolve();
        if (slow.has(id)) {
          await new Promise((_, reject) =>
            unwanted.addEventListener('abort', () => reject(new Error('unwanted'))),
          );
        }
        if (broken.has(id)) throw StowageError.of('MODEL-024', { file: 'base', problem: 'it does not fit' });
      },
      unload: (id) => {
        if (used.has(id)) return false;
        deeds.push(`unload ${id}`);
        return true;
      },
    });
  return {
    clock,
    keeper,
    keep,
    deeds,
    told,
    broken,
    used,
    slow,
    want: (...ids: string[]) => keeper.want(ids.map(source)),
  };
}

/** Lets what was begun come to its end. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('AdapterKeeper', () => {
  it('loads what it was started with and what was asked for meanwhile', async () => {
    const { keeper, keep, deeds, told, want } = world(['a', 'b']);
    want('a', 'b', 'c');
    expect(deeds).toEqual([]);
    await keep();
    expect(deeds).toEqual(['load a', 'load b', 'load c']);
    expect(told.at(-1)).toBe('a b c');
    want('a', 'b', 'c');
    await settle();
    expect(deeds).toHaveLength(3);
    keeper.close();
  });

  it('keeps one that is not wanted any more for a while, and as long as it is used', async () => {
    const { clock, keep, deeds, told, used, want } = world(['a', 'b']);
    await keep();
    want('b');
    await settle();
    expect(told.at(-1)).toBe('b');
    expect(deeds).toHaveLength(2);
    used.add('a');
    clock.advance(lingerMs + 1);
    await settle();
    expect(deeds).toHaveLength(2);
    used.delete('a');
    clock.advance(1000);
    await settle();
    expect(deeds.at(-1)).toBe('unload a');
  });

  it('one that is wanted again before it went is not loaded again', async () => {
    const { clock, keep, deeds, told, want } = world(['a']);
    await keep();
    want();
    await settle();
    want('a');
    clock.advance(lingerMs * 2);
    await settle();
    expect(deeds).toEqual(['load a']);
    expect(told.at(-1)).toBe('a');
  });

  it('says why one cannot be loaded, loads the others, and tries again', async () => {
    const { clock, keep, deeds, told, broken } = world(['a', 'b']);
    broken.add('a');
    await keep();
    expect(told.at(-1)).toBe('a MODEL-024 b');
    broken.delete('a');
    clock.advance(10_000);
    await settle();
    expect(deeds).toEqual(['load a', 'load b', 'load a']);
    expect(told.at(-1)).toBe('a b');
  });

  it('waits twice as long after each failure', async () => {
    const { clock, keep, deeds, broken } = world(['a']);
    broken.add('a');
    await keep();
    for (const [wait, loads] of [
      [10_000, 2],
      [19_999, 2],
      [1, 3],
      [40_000, 4],
    ] as const) {
      clock.advance(wait);
      await settle();
      expect(deeds).toHaveLength(loads);
    }
  });

  it('one that is slow to come keeps no other, and is given up when nobody wants it', async () => {
    const { keep, deeds, told, slow, want } = world(['a', 'b']);
    slow.add('a');
    const kept = keep();
    await settle();
    expect(told.at(-1)).toBe('b');
    want('b');
    await kept;
    want('b', 'c');
    await settle();
    expect(deeds).toEqual(['load a', 'load b', 'load c']);
    expect(told.at(-1)).toBe('b c');
  });
});
