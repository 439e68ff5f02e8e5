import { expect, it } from 'vitest';
import { workerEnvironment } from './environment.js';

it('keeps the server’s secrets from a worker, and asks for large pages unless the server says otherwise', () => {
  const environment = workerEnvironment({ PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'x', HF_TOKEN: 'y' }, [
    'HF_TOKEN',
  ]);
  expect(environment).toMatchObject({
    PATH: '/bin',
    HF_TOKEN: 'y',
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
  });
  expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  expect(environment).not.toHaveProperty('CUDA_VISIBLE_DEVICES');
  const own = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
  expect(workerEnvironment(own, [])).toMatchObject(own);
});

it.each([
  { own: undefined, devices: [1, 3], seen: '1,3' },
  { own: '', devices: [0], seen: '' },
  { own: '4,5,6', devices: [0, 2], seen: '4,6' },
  { own: 'GPU-aa, GPU-bb', devices: [1], seen: 'GPU-bb' },
  { own: '4', devices: [3], seen: '' },
  { own: '4,5', devices: [], seen: '4,5' },
])('a worker on devices $devices of a server that sees `$own` sees `$seen`', ({ own, devices, seen }) => {
  const environment = workerEnvironment({ CUDA_VISIBLE_DEVICES: own }, [], devices);
  expect(environment['CUDA_VISIBLE_DEVICES']).toBe(seen);
});
