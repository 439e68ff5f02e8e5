import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Desk, elsewhere, home } from '../../../test/control/desk.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { StowageError } from '../../domain/errors.js';
import { type ListedRecord, type ListInput, listPage } from './listing.js';

type Row = Required<ListedRecord>;

const row: fc.Arbitrary<Row> = fc.record({
  name: fc.string({ unit: fc.constantFrom('a', 'b', 'C', '-', '1'), minLength: 1, maxLength: 4 }),
  createdAt: fc.integer({ min: 0, max: 9 }),
  modifiedAt: fc.integer({ min: 0, max: 9 }),
  status: fc.constantFrom('InService', 'Creating'),
});
const rows = fc.uniqueArray(row, { selector: ({ name }) => name, maxLength: 40 });
const query: fc.Arbitrary<ListInput> = fc.record(
  {
    sortBy: fc.constantFrom('Name', 'CreationTime', 'Status'),
    sortOrder: fc.constantFrom('Ascending', 'Descending'),
    maxResults: fc.integer({ min: 1, max: 7 }),
    nameContains: fc.constantFrom('a', 'b-'),
    creationTimeAfter: fc.integer({ min: -1, max: 9 }),
    creationTimeBefore: fc.integer({ min: 1, max: 10 }),
    lastModifiedTimeAfter: fc.integer({ min: -1, max: 9 }),
    lastModifiedTimeBefore: fc.integer({ min: 1, max: 10 }),
    statusEquals: fc.constantFrom('InService', 'Creating'),
  },
  { requiredKeys: [] },
);

/** All pages; `between` says what the list is before each page. */
function pages(input: ListInput, between: (page: number) => readonly Row[]): Row[][] {
  const all: Row[][] = [];
  for (let nextToken: string | undefined, page = 0; ; page++) {
    const records = between(page).map((value) => ({ value }));
    const answer = listPage('List', home, records, nextToken === undefined ? input : { ...input, nextToken });
    all.push([...answer.records]);
    if (answer.nextToken === undefined) return all;
    nextToken = answer.nextToken;
  }
}

function reference(list: readonly Row[], input: ListInput): Row[] {
  const keys = { Name: 'name', CreationTime: 'createdAt', Status: 'status' } as const;
  const key = keys[input.sortBy ?? 'CreationTime'];
  const sign = input.sortOrder === 'Ascending' ? 1 : -1;
  return list
    .filter(
      (one) =>
        one.name.includes(input.nameContains ?? '') &&
        one.createdAt > (input.creationTimeAfter ?? -1) &&
        one.createdAt < (input.creationTimeBefore ?? 99) &&
        one.modifiedAt > (input.lastModifiedTimeAfter ?? -1) &&
        one.modifiedAt < (input.lastModifiedTimeBefore ?? 99) &&
        (input.statusEquals === undefined || one.status === input.statusEquals),
    )
    .sort((a, b) => sign * (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.name < b.name ? -1 : 1));
}

describe('pages of a list', () => {
  it('are together the filtered and sorted list, each but the last one full', () => {
    fc.assert(
      fc.property(rows, query, (list, input) => {
        const all = pages(input, () => list);
        expect(all.flat()).toEqual(reference(list, input));
        for (const page of all.slice(0, -1)) expect(page).toHaveLength(input.maxResults ?? 10);
        expect(all.at(-1)!.length).toBeLessThanOrEqual(input.maxResults ?? 10);
      }),
    );
  });

  it('show what stays exactly once while others come and go', () => {
    fc.assert(
      fc.property(rows, query, fc.infiniteStream(fc.boolean()), (list, input, coins) => {
        const coming = list.filter((_, index) => index % 3 === 1);
        const staying = list.filter((_, index) => index % 3 === 0);
        const changing = () => [...staying, ...coming.filter(() => coins.next().value)];
        const shown = pages(input, changing).flat();
        const stays = new Set(staying.map(({ name }) => name));
        expect(shown.filter(({ name }) => stays.has(name))).toEqual(reference(staying, input));
      }),
    );
  });

  it('go on only for the query, the list and the scope that their token is of', () => {
    const list = Array.from({ length: 5 }, (_, index) => ({
      value: { name: `m${index}`, createdAt: index },
    }));
    const input: ListInput = { maxResults: 2, nameContains: 'm' };
    const { nextToken } = listPage('List', home, list, input);
    expect(
      listPage('List', home, list, { ...input, nextToken: nextToken!, maxResults: 3 }).records,
    ).toHaveLength(3);
    const refuse = (name: string, scope: typeof home, other: ListInput) => () =>
      listPage(name, scope, list, other);
    const token = { nextToken: nextToken! };
    for (const attempt of [
      refuse('Other', home, { ...input, ...token }),
      refuse('List', elsewhere, { ...input, ...token }),
      refuse('List', home, { ...token }),
      refuse('List', home, { ...input, ...token, sortBy: 'Name' }),
      refuse('List', home, { ...input, nextToken: 'junk' }),
      refuse('List', home, { ...input, nextToken: Buffer.from('[1,2]').toString('base64url') }),
    ]) {
      expect(attempt).toThrow(StowageError);
      expect(attempt).toThrow('NextToken does not belong to this query.');
    }
  });

  it('of 10,000 records takes a few milliseconds, in the worst order too', () => {
    const list = Array.from({ length: 10_000 }, (_, index) => ({
      value: {
        name: `component-${String(index).padStart(5, '0')}`,
        createdAt: -index,
        modifiedAt: index,
        status: 'InService',
      },
    }));
    for (const input of [
      { maxResults: 100 },
      { maxResults: 100, sortOrder: 'Ascending' },
      { maxResults: 100, sortBy: 'Status' },
      { maxResults: 100, sortBy: 'Name', sortOrder: 'Descending' },
    ] as const) {
      const times = Array.from({ length: 9 }, () => {
        const start = performance.now();
        listPage('List', home, list, input);
        return performance.now() - start;
      });
      expect(Math.min(...times)).toBeLessThan(10);
    }
  });
});

describe('the lists', () => {
  it('show ten of the newest first when nothing is said', () => {
    const desk = new Desk();
    for (let index = 0; index < 12; index++) desk.withModel(`m${index}`);
    const createdAt = desk.now;
    const first = desk.run('ListModels', {});
    expect(first.models.map((model) => model.modelName)).toEqual([
      'm11',
      'm10',
      'm9',
      'm8',
      'm7',
      'm6',
      'm5',
      'm4',
      'm3',
      'm2',
    ]);
    expect(first.models[0]).toEqual({
      modelName: 'm11',
      modelArn: 'arn:aws:sagemaker:us-east-1:111122223333:model/m11',
      creationTime: createdAt,
    });
    const second = desk.run('ListModels', { nextToken: first.nextToken! });
    expect(second.models.map((model) => model.modelName)).toEqual(['m1', 'm0']);
    expect(second.nextToken).toBeUndefined();
    expect(desk.run('ListModels', {}, elsewhere)).toEqual({ models: [] });
  });

  it('of endpoints and their configurations show what there is', () => {
    const desk = new Desk().withEndpoint('a').withEndpoint('b');
    const { endpoints } = desk.run('ListEndpoints', { statusEquals: 'InService', sortBy: 'Name' });
    expect(endpoints).toMatchObject([
      { endpointName: 'b', endpointStatus: 'InService' },
      { endpointName: 'a', endpointStatus: 'InService' },
    ]);
    expect(desk.run('ListEndpoints', { statusEquals: 'Failed' }).endpoints).toEqual([]);
    const { endpointConfigs } = desk.run('ListEndpointConfigs', { nameContains: 'b' });
    expect(endpointConfigs.map((config) => config.endpointConfigName)).toEqual(['b-config']);
  });

  it('of components can be of an endpoint, a variant and a state', () => {
    const desk = new Desk().withEndpoint('a').withEndpoint('b');
    desk.withComponent('one', 'a').withComponent('two', 'b').withComponent('three', 'b');
    desk.change(desk.state.component(home, 'two')?.value, { status: ComponentStatus.Failed });
    const names = (input: Parameters<typeof list>[0]) =>
      list(input).inferenceComponents.map((one) => one.inferenceComponentName);
    const list = (input: {
      endpointNameEquals?: string;
      variantNameEquals?: string;
      statusEquals?: string;
    }) => desk.run('ListInferenceComponents', input);
    expect(names({})).toEqual(['three', 'two', 'one']);
    expect(names({ endpointNameEquals: 'b' })).toEqual(['three', 'two']);
    expect(names({ variantNameEquals: 'other' })).toEqual([]);
    expect(names({ statusEquals: 'Failed' })).toEqual(['two']);
    expect(list({ endpointNameEquals: 'a' }).inferenceComponents[0]).toMatchObject({
      endpointName: 'a',
      endpointArn: 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/a',
      variantName: 'main',
      inferenceComponentStatus: 'Creating',
    });
  });
});
