import { expect, it } from 'vitest';
import { checkAddress, isLoopback } from './address.js';

it.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.1', false],
  ['127.example.com', false],
  ['localhost.example.com', false],
  ['', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

it('is allowed with TLS and refused without where other machines reach it', () => {
  expect(() => checkAddress('0.0.0.0', false)).toThrow(expect.objectContaining({ code: 'HOST-604' }));
  checkAddress('0.0.0.0', true);
  checkAddress('127.0.0.1', false);
});
