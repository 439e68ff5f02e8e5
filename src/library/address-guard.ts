/**
 * Which addresses a model's URL may lead to. Public ones, and those the settings name: a URL comes from a caller,
 * and must not make the server ask its own network, its metadata service or itself.
 */
import { BlockList, isIP } from 'node:net';
import type { AddressGuard } from '../contracts/artifacts.js';

/** Not public: special-purpose ranges of IANA's registries. */
const closedRanges: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** The whole of IPv6 that is given out to the public; everything else is closed. */
const openRangeIpv6 = '2000::/3';
const closedRangesIpv6: readonly string[] = ['2001::/23', '2001:db8::/32', '3fff::/20'];
/** IPv6 ranges that hold an IPv4 address, and at which of its eight groups; judged by that. */
const embeddings: readonly { readonly range: string; readonly group: number }[] = [
  { range: '::ffff:0:0/96', group: 6 },
  { range: '::/96', group: 6 },
  { range: '64:ff9b::/96', group: 6 },
  { range: '2002::/16', group: 1 },
];

/** A guard that lets through public addresses and `allowHosts`, as `LibrarySettings` describes them. */
export function createAddressGuard(allowHosts: readonly string[]): AddressGuard {
  const names = allowHosts.filter((entry) => !isRange(entry)).map((entry) => bareHost(entry));
  const allowed = listOf(allowHosts.filter(isRange));
  const isNamed = (host: string) => {
    const bare = bareHost(host);
    if (isIP(bare) !== 0) return contains(allowed, bare);
    return names.some((name) => (name.startsWith('*.') ? bare.endsWith(name.slice(1)) : bare === name));
  };
  return {
    isNamed,
    mayReach: (host, address) => isPublic(address) || isNamed(host) || contains(allowed, bareHost(address)),
  };
}

/** Whether an IP address belongs to everybody's Internet; false for what is no IP address. */
export function isPublic(address: string): boolean {
  const bare = bareHost(address);
  switch (isIP(bare)) {
    case 4:
      return !contains(closed, bare);
    case 6: {
      const inner = embeddedIpv4(bare);
      return inner === null ? contains(open, bare) && !contains(closed, bare) : isPublic(inner);
    }
    default:
      return false;
  }
}

/** Lower case, without the brackets, the zone and the last dot a URL may have. */
function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '');
}

function isRange(entry: string): boolean {
  return isIP(bareHost(entry.replace(/\/\d{1,3}$/, ''))) !== 0;
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [host = '', bits] = range.split('/');
    const address = bareHost(host);
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    const bitsMax = family === 'ipv4' ? 32 : 128;
    list.addSubnet(address, Math.min(Number(bits ?? bitsMax), bitsMax), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

function embeddedIpv4(address: string): string | null {
  const found = embedded.find(({ list }) => contains(list, address));
  if (found === undefined) return null;
  const groups = groupsOf(address);
  const high = groups[found.group] ?? 0;
  const low = groups[found.group + 1] ?? 0;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of a sound IPv6 address. */
function groupsOf(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex =
    dotted === null
      ? address
      : `${address.slice(0, dotted.index)}${pair(dotted[1], dotted[2])}:${pair(dotted[3], dotted[4])}`;
  const [head = '', tail] = hex.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: gap }, () => '0'), ...right].map((group) => parseInt(group, 16));
}

function pair(high: string | undefined, low: string | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

const closed = listOf([...closedRanges, ...closedRangesIpv6]);
const open = listOf([openRangeIpv6]);
const embedded = embeddings.map(({ range, group }) => ({ list: listOf([range]), group }));
