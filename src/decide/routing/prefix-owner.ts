/**
 * Who owns a prefix: rendezvous hashing (Thaler and Ravishankar, 1998) with bounded load. Each copy has for each prefix
 * a number of its own; the highest wins. When a copy comes or goes, only the prefixes that it wins or won move: one in n.
 * A copy with as many requests in flight as the threshold gives the next one to the copy that is second, and so on.
 */

/** [0, 1): the copy's score for the prefix. Both are 32 bits. */
export function ownerScore(prefixKey: number, copyHash: number): number {
  // The finalizer of MurmurHash3 (public domain): all bits of both decide each bit of the result.
  let mixed = Math.imul(prefixKey ^ Math.imul(copyHash, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16) ^ copyHash, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4294967296;
}

/** 32 bits of a name (FNV-1a, public domain). */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
