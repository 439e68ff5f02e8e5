/** Routes from control to serving, and load reports back, over a real socket; each side may go and come back. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import {
  openRoutePublisher,
  type RoutePublisher,
} from '../../src/adapters/route-feed/unix-socket/publisher.js';
import {
  type RouteSubscriber,
  subscribeToRoutes,
} from '../../src/adapters/route-feed/unix-socket/subscriber.js';
import type { LoadReport } from '../../src/contracts/load-reports.js';
import { emptyRouteTable, type RouteFeed, type RouteTable } from '../../src/contracts/route-feed.js';
import { rememberingLog } from './quiet-log.js';

const waitMsMax = 5_000;
let folder: string;
let address: string;
let publishers: RoutePublisher[];
let subscribers: RouteSubscriber[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'));
  address = join(folder, 'feed.sock');
  publishers = [];
  subscribers = [];
});
afterEach(async () => {
  for (const subscriber of subscribers) await subscriber.close();
  for (const publisher of publishers) await publisher.close();
  rmSync(folder, { recursive: true });
});

class Tables implements RouteFeed {
  private readonly listeners = new Set<(table: RouteTable) => void>();
  constructor(private table: RouteTable) {}
  current = () => this.table;
  onTable(listener: (table: RouteTable) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  put(table: RouteTable) {
    this.table = table;
    for (const listener of this.listeners) listener(table);
  }
}

async function publish(feed: RouteFeed): Promise<RoutePublisher> {
  const publisher = await openRoutePublisher(address, rememberingLog());
  publishers.push(publisher);
  publisher.publish(feed);
  return publisher;
}

function subscribe(): RouteSubscriber {
  const parts = { clock: systemClock, log: rememberingLog(), cacheFile: join(folder, 'routes.json') };
  const subscriber = subscribeToRoutes(address, parts);
  subscribers.push(subscriber);
  return subscriber;
}

function tableOf(revision: number, copies = 1): RouteTable {
  const route = { component: 'c', generation: 1, address: 'x'.repeat(100), capacity: 1, group: 1 };
  const numbered = (_: unknown, index: number) => ({ ...route, copy: { id: `c-${index}`, incarnation: 1 } });
  return { ...emptyRouteTable, revision, copies: Array.from({ length: copies }, numbered) };
}

const reportAt = (at: number): LoadReport => ({ at, series: [] });

async function until(isSo: () => boolean): Promise<void> {
  const end = systemClock.now() + waitMsMax;
  while (!isSo()) {
    if (systemClock.now() > end) throw new Error('still not so');
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
  }
}

it('gives the newest table to who connects, and each new one after that', async () => {
  const tables = new Tables(tableOf(3));
  await publish(tables);
  const subscriber = subscribe();
  expect(subscriber.current()).toEqual(emptyRouteTable);
  expect(subscriber.isConnected).toBe(false);
  const seen: number[] = [];
  subscriber.onTable(({ revision }) => seen.push(revision));
  await until(() => seen.length === 1);
  expect(subscriber.isConnected).toBe(true);
  tables.put(tableOf(4, 3));
  await until(() => seen.length === 2);
  expect(seen).toEqual([3, 4]);
  expect(subscriber.current()).toEqual(tableOf(4, 3));
});

it('gives nobody a table before control has published one', async () => {
  const tables = new Tables(emptyRouteTable);
  await publish(tables);
  const subscriber = subscribe();
  const seen: number[] = [];
  subscriber.onTable(({ revision }) => seen.push(revision));
  await new Promise<void>((resolve) => systemClock.after(100, resolve));
  tables.put(tableOf(1));
  await until(() => seen.length > 0);
  expect(seen).toEqual([1]);
});

it('takes load reports, and drops those that nobody takes', async () => {
  const publisher = await publish(new Tables(tableOf(1)));
  const heard: number[] = [];
  publisher.loadReports.onReport(({ at }) => heard.push(at));
  const subscriber = subscribe();
  subscriber.report(reportAt(1));
  await until(() => subscriber.isConnected);
  subscriber.report(reportAt(2));
  subscriber.report(reportAt(3));
  await until(() => heard.length === 2);
  expect(heard).toEqual([2, 3]);
});

it('keeps the last table while control is gone, and connects again by itself', async () => {
  const publisher = await publish(new Tables(tableOf(7, 2)));
  const subscriber = subscribe();
  await until(() => subscriber.isConnected);
  await publisher.close();
  publishers = [];
  await until(() => !subscriber.isConnected);
  expect(subscriber.current()).toEqual(tableOf(7, 2));
  await publish(new Tables(tableOf(9)));
  await until(() => subscriber.current().revision === 9);
  expect(subscriber.isConnected).toBe(true);
});

it('begins with the table it held last, in a file of its own user', async () => {
  const publisher = await publish(new Tables(tableOf(5, 2)));
  const before = subscribe();
  await until(() => before.isConnected);
  await before.close();
  await publisher.close();
  publishers = [];
  subscribers = [];
  expect(statSync(join(folder, 'routes.json')).mode & 0o777).toBe(0o600);
  expect(subscribe().current()).toEqual(tableOf(5, 2));
});

it('gives a slow reader the newest table when it has caught up', async () => {
  const tables = new Tables(tableOf(1));
  await publish(tables);
  const subscriber = subscribe();
  await until(() => subscriber.isConnected);
  const seen: number[] = [];
  subscriber.onTable(({ revision }) => seen.push(revision));
  for (let revision = 2; revision <= 60; revision++) tables.put(tableOf(revision, 3_000));
  await until(() => seen.at(-1) === 60);
  expect(seen.length).toBeLessThan(59);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(subscriber.current()).toEqual(tableOf(60, 3_000));
});

it.each([
  ['another version', frame('{"type":"hello","version":999}')],
  ['no JSON', frame('{')],
  ['a frame without end', Buffer.from([255, 255, 255, 255])],
])('ends a connection that says %s, and no other', async (_, bytes) => {
  const publisher = await publish(new Tables(tableOf(1)));
  const heard: number[] = [];
  publisher.loadReports.onReport(({ at }) => heard.push(at));
  const subscriber = subscribe();
  await until(() => subscriber.isConnected);
  let isClosed = false;
  const stranger = connect(address, () => stranger.write(bytes));
  stranger.on('error', () => undefined).on('data', () => undefined);
  stranger.on('close', () => (isClosed = true));
  await until(() => isClosed);
  subscriber.report(reportAt(1));
  await until(() => heard.length === 1);
});

function frame(text: string): Buffer {
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeUInt32LE(text.length);
  bytes.write(text, 4);
  return bytes;
}
