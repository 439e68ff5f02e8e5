/** Whose things a call means: those of its caller's account, in the region it was signed for. */
import type { Principal } from '../../contracts/identity.js';
import type { Scope } from '../../domain/scope.js';

/** `homeRegion` is the server's own: what callers without a region (bearer keys) mean. */
export function scopeOfCall(principal: Principal, homeRegion: string): Scope {
  return { account: principal.account, region: principal.region ?? homeRegion };
}
