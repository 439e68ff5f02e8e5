import { describe, expect, it } from 'vitest';
import { newSealKey, seal, unseal } from './seal.js';

const key = newSealKey();
const refused: unknown = expect.objectContaining({ code: 'HOST-605' });

describe('a sealed secret', () => {
  it('opens with its key and context, and says nothing of itself', () => {
    const sealed = seal(key, 'AKSTA', 'the secret');
    expect(unseal(key, 'AKSTA', sealed)).toBe('the secret');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret');
    expect(seal(key, 'AKSTA', 'the secret')).not.toBe(sealed);
  });

  it('stays closed with another key, for another context, changed or cut', () => {
    const sealed = seal(key, 'AKSTA', 'the secret');
    const bytes = Buffer.from(sealed, 'base64');
    expect(() => unseal(newSealKey(), 'AKSTA', sealed)).toThrow(refused);
    expect(() => unseal(key, 'AKSTB', sealed)).toThrow(refused);
    for (const at of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[at] = bytes[at]! ^ 1;
      expect(() => unseal(key, 'AKSTA', changed.toString('base64'))).toThrow(refused);
      expect(() => unseal(key, 'AKSTA', bytes.subarray(0, at).toString('base64'))).toThrow(refused);
    }
  });
});
