/**
 * The arithmetic of rolling updates, the same for instances of an endpoint and copies of a component: a batch of the
 * new side comes up, bakes, and then as many of the old side go. Both sides together never have less than the old side
 * had alone, or than the new side is to have when that is less.
 */
import type { CapacitySize } from '../../domain/deployment.js';

/** A size in units of `total`: percent rounds up; at least 1, at most `total` where that is not 0. */
export function batchSize(size: CapacitySize | undefined, total: number): number {
  if (size === undefined) return Math.max(1, total);
  const units = size.type === 'CAPACITY_PERCENT' ? Math.ceil((total * size.value) / 100) : size.value;
  return Math.max(1, Math.min(units, total));
}

/** A size as percent of `total`, rounded up, 1..100; 100 of nothing. */
export function sizePercent(size: CapacitySize | undefined, total: number): number {
  if (size === undefined || (total === 0 && size.type !== 'CAPACITY_PERCENT')) return 100;
  const percent = size.type === 'CAPACITY_PERCENT' ? size.value : Math.ceil((100 * size.value) / total);
  return Math.max(1, Math.min(100, percent));
}

/** How many the old side keeps once so many of the new side's `newTotal` have baked. */
export function oldCountForward(oldTotal: number, newTotal: number, baked: number): number {
  return baked >= newTotal ? 0 : Math.max(0, oldTotal - baked);
}

/** How many the old side is to have again while the new side still has `kept`: one batch more than is missing. */
export function oldCountBackward(oldTotal: number, kept: number, batch: number): number {
  if (kept === 0) return oldTotal;
  return Math.min(oldTotal, Math.max(0, oldTotal - kept) + batch);
}

/** Percent of the traffic that is fair for `next` units beside `old` ones, 0..100. */
export function fairPercent(next: number, old: number): number {
  return next + old === 0 ? 100 : Math.round((100 * next) / (next + old));
}
