/** A set of 64-bit keys in a table of fixed size, eight bytes a place; JavaScript's sets take ten times as much. */
export class KeySet {
  private readonly places: BigUint64Array;
  private readonly mask: bigint;
  private hasZero = false;
  private count = 0;

  constructor(readonly sizeMax: number) {
    const bits = Math.ceil(Math.log2(Math.max(2 * sizeMax, 2)));
    this.places = new BigUint64Array(2 ** bits);
    this.mask = BigInt(2 ** bits - 1);
  }

  has(key: bigint): boolean {
    return key === 0n ? this.hasZero : this.places[this.placeOf(key)] === key;
  }

  /** False when it was there. */
  add(key: bigint): boolean {
    if (this.has(key)) return false;
    if (this.count === this.sizeMax) throw new Error(`more than ${this.sizeMax} keys`);
    this.count++;
    if (key === 0n) this.hasZero = true;
    else this.places[this.placeOf(key)] = key;
    return true;
  }

  /** Where the key is, or would be: zero is an empty place. */
  private placeOf(key: bigint): number {
    let place = Number(key & this.mask);
    while (this.places[place] !== 0n && this.places[place] !== key) place = (place + 1) % this.places.length;
    return place;
  }
}
