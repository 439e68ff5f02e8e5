import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../adapters/store/memory/store.js';
import { StowageError } from '../domain/errors.js';
import { type CopyRecord, type CounterRecord, recordKey, type StowageRecord } from '../domain/record.js';
import { State } from './state.js';

const counter = (name: string, value: number): CounterRecord => ({ kind: 'counter', name, value });

function copy(id: string, incarnation: number, component: string, instance = 'i-1'): CopyRecord {
  return {
    kind: 'copy',
    copy: { id, incarnation },
    component,
    generation: 1,
    instance,
    endpointGeneration: 1,
    resources: {
      cpus: 1,
      memoryBytesMin: 0,
      memoryBytesMax: 0,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
    },
    accelerators: [],
    state: 'starting',
    since: 0,
    wish: 'run',
    reason: 'it was asked for',
  };
}

describe('the state', () => {
  it('writes what is staged in one commit, and several changes of a record as one', () => {
    const store = createMemoryStore();
    const commits: number[] = [];
    store.onCommit = (changes) => commits.push(changes.length);
    const state = new State(store);
    state.put(counter('a', 1), 'counter-raised', 'first');
    state.put(counter('a', 2), 'counter-raised', 'second');
    state.put(counter('b', 1), 'counter-raised', 'first');
    state.put(counter('c', 1), 'counter-raised', 'comes');
    state.drop(counter('c', 1), 'counter-gone', 'and goes');
    state.flush(5);
    expect(commits).toEqual([2]);
    expect(store.load().map(({ key, revision }) => `${key} ${revision}`)).toEqual([
      'counter:a 1',
      'counter:b 1',
    ]);
    expect(store.ledger({ keys: ['counter:a'], limit: 9 })).toMatchObject([{ reason: 'first; second' }]);
    state.put(counter('a', 3), 'counter-raised', 'third');
    state.flush(6);
    expect(state.counter('a')).toMatchObject({ revision: 2, value: { value: 3 } });
  });

  it('is as before when the store cannot write', () => {
    const store = createMemoryStore();
    const state = new State(store);
    state.put(copy('chat-1', 1, 'chat'), 'copy-created', 'it is wanted');
    state.flush(1);
    store.onCommit = () => {
      throw StowageError.of('STATE-702', { problem: 'the disk is full' });
    };
    state.drop(copy('chat-1', 1, 'chat'), 'copy-gone', 'it ended');
    state.put(copy('chat-2', 2, 'chat'), 'copy-created', 'it is wanted');
    expect(() => state.flush(2)).toThrow('the disk is full');
    expect(state.copiesOf('chat').map(({ key }) => key)).toEqual(['copy:chat-1#1']);
    expect(state.isCopyIdTaken('chat-2')).toBe(false);
    store.onCommit = () => undefined;
    expect(state.flush(3)).toEqual([]);
  });

  it('numbers go on after a restart', () => {
    const store = createMemoryStore();
    const state = new State(store);
    expect([state.nextNumber('n', 'why'), state.nextNumber('n', 'why')]).toEqual([1, 2]);
    state.flush(1);
    expect(new State(store.reopen()).nextNumber('n', 'why')).toBe(3);
  });

  it('lists by every index what a search through all records finds, in the order of keys', () => {
    const anyChange = fc.record({
      id: fc.constantFrom('a-1', 'a-2', 'b-1', 'b-10', 'b-9'),
      incarnation: fc.integer({ min: 1, max: 3 }),
      instance: fc.constantFrom('i-1', 'i-2'),
      isGone: fc.boolean(),
      isFlushed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 40 }), (changes) => {
        const store = createMemoryStore();
        const state = new State(store);
        for (const { id, incarnation, instance, isGone, isFlushed } of changes) {
          const record = copy(id, incarnation, id[0]!, instance);
          if (!isGone) state.put(record, 'copy-created', 'it is wanted');
          else if (state.get(recordKey(record)) !== undefined) state.drop(record, 'copy-gone', 'it ended');
          if (isFlushed) state.flush(1);
        }
        state.flush(2);
        const all = store.load().flatMap(({ value }) => (value.kind === 'copy' ? [value] : []));
        const keys = (isIn: (record: CopyRecord) => boolean) => all.filter(isIn).map(recordKey).sort();
        const listed = (rows: readonly { readonly value: StowageRecord }[]) =>
          rows.map(({ value }) => recordKey(value));
        expect(listed(state.copies())).toEqual(keys(() => true));
        expect(listed(state.copiesOf('a'))).toEqual(keys((one) => one.component === 'a'));
        expect(listed(state.copiesOn('i-2'))).toEqual(keys((one) => one.instance === 'i-2'));
        expect(state.isCopyIdTaken('b-9')).toBe(all.some((one) => one.copy.id === 'b-9'));
        expect(listed(new State(store.reopen()).copies())).toEqual(keys(() => true));
      }),
    );
  });
});
