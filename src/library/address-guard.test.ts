import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAddressGuard, isPublic } from './address-guard.js';

const nobody = createAddressGuard([]);

describe('a public address', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s may be reached',
    (address) => expect(nobody.mayReach('example.com', address)).toBe(true),
  );
});

describe('an address that is not public', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:7f00:1::1',
    '2002:c0a8:101::',
    '2001:0:1::1',
    '2001:db8::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '4000::1',
    '[::1]',
    'localhost',
    '',
  ])('%s may not', (address) => expect(nobody.mayReach('example.com', address)).toBe(false));
});

describe('what the settings name may be reached all the same', () => {
  test.each([
    ['minio.internal', 'minio.internal', '10.0.0.5', true],
    ['MINIO.internal.', 'minio.internal', '10.0.0.5', true],
    ['minio.internal', 'other.internal', '10.0.0.5', false],
    ['*.internal', 'a.b.internal', '10.0.0.5', true],
    ['*.internal', 'internal', '10.0.0.5', false],
    ['*.internal', 'evil-internal', '10.0.0.5', false],
    ['10.0.0.0/8', 'example.com', '10.0.0.5', true],
    ['10.0.0.0/8', 'example.com', '192.168.0.5', false],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', 'localhost', '127.0.0.1', true],
    ['127.0.0.1', 'localhost', '127.0.0.2', false],
    ['fd00::/8', 'example.com', 'fd12::1', true],
    ['[::1]', '[::1]', '::1', true],
  ])('%s: %s at %s is %s', (entry, host, address, expected) => {
    expect(createAddressGuard([entry]).mayReach(host, address)).toBe(expected);
  });
});

test('an IPv4 address inside an IPv6 one is judged as itself, however it is written', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (a, b, c, d) => {
      const dotted = [a, b, c, d].join('.');
      const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
      for (const form of [`::ffff:${dotted}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::9`]) {
        expect(isPublic(form)).toBe(isPublic(dotted));
      }
    }),
  );
});
