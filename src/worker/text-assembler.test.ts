import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextAssembler } from './text-assembler.js';

/** Cuts bytes at the given places and feeds them; returns what came out in all. */
function assemble(text: string, cuts: readonly number[], stops: readonly string[]) {
  const bytes = new TextEncoder().encode(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const assembler = new TextAssembler(stops);
  let out = '';
  let from = 0;
  for (const to of [...places, bytes.length]) {
    const released = assembler.push(bytes.subarray(from, to));
    out += released.text;
    if (released.stop !== null) return { out, stop: released.stop };
    from = to;
  }
  return { out: out + assembler.finish(), stop: null };
}

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 40 });
const cuts = fc.array(fc.nat(200), { maxLength: 30 });

describe('TextAssembler', () => {
  it('releases exactly the text however its bytes are cut', () => {
    fc.assert(
      fc.property(wellFormed, cuts, (text, places) => {
        expect(assemble(text, places, [])).toEqual({ out: text, stop: null });
      }),
    );
  });

  it('ends before the earliest stop string however it is cut, also across token borders', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 30 });
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(letters, cuts, fc.array(stop, { minLength: 1, maxLength: 3 }), (text, places, stops) => {
        const one = assemble(text, [...new TextEncoder().encode(text).keys()], stops);
        const found = stops.map((word) => text.indexOf(word)).filter((at) => at >= 0);
        if (found.length === 0) expect(one).toEqual({ out: text, stop: null });
        else expect(text.startsWith(one.out) && stops.includes(one.stop ?? '')).toBe(true);
        const cut = assemble(text, places, stops);
        expect(cut.stop === null).toBe(found.length === 0);
        for (const word of stops) expect(cut.out.includes(word)).toBe(false);
      }),
    );
  });

  it('never releases half a character', () => {
    const bytes = new TextEncoder().encode('é🙂');
    const assembler = new TextAssembler([]);
    const pieces = [...bytes].map((byte) => assembler.push(Uint8Array.of(byte)).text);
    expect(pieces).toEqual(['', 'é', '', '', '', '🙂']);
  });

  it('gives up text held for a stop string that did not come', () => {
    const assembler = new TextAssembler(['END']);
    const push = (text: string) => assembler.push(new TextEncoder().encode(text)).text;
    expect([push('x E'), push('N'), push('d')]).toEqual(['x ', '', 'ENd']);
    expect([push('EN'), assembler.finish()]).toEqual(['', 'EN']);
  });
});
