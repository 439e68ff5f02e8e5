/**
 * Whether a copy may get a request more because its caller was there before. A hint such as `user` may be the same in
 * all requests of a program, so it holds only while the load stays even: consistent hashing with bounded loads (Mirrokni,
 * Thorup and Zadimoghaddam, 2016) allows each copy a little more than the mean.
 */

/** A copy may have this many times the mean of all copies. */
const loadFactor = 1.25;

/** `outstanding`: of the copy; `total`: of all `copies` that take requests. */
export function mayKeepAffinity(outstanding: number, total: number, copies: number): boolean {
  return outstanding + 1 <= Math.ceil((loadFactor * (total + 1)) / Math.max(1, copies));
}
