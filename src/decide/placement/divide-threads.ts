/**
 * Divides the machine's one thread budget among its copies. More compute threads than cores make all of them
 * slower, so busy copies share the cores by weight; an idle copy is given what it would have if its next
 * request came now, because then it is told nothing before it begins.
 */

export interface ThreadUser {
  readonly id: string;
  /** Cores it asked for, > 0. */
  readonly weight: number;
  /** It computes now. */
  readonly isBusy: boolean;
}

/**
 * Threads of each copy, 1..`cores`. The shares of the busy ones sum to `cores` exactly, or to their number
 * when there are more of them than cores. `cores` is a whole number ≥ 1. Remainders go to the largest fraction,
 * ties to the lower id, so the same input gives the same answer in any order.
 */
export function divideThreads(users: readonly ThreadUser[], cores: number): ReadonlyMap<string, number> {
  const busy = users.filter((user) => user.isBusy).sort(byId);
  const shares = new Map(shareOut(busy, cores));
  for (const user of users) {
    if (!user.isBusy) shares.set(user.id, shareOut([...busy, user].sort(byId), cores).get(user.id)!);
  }
  return shares;
}

/** `users` are in the order of their ids. */
function shareOut(users: readonly ThreadUser[], cores: number): Map<string, number> {
  const shares = new Map(users.map((user) => [user.id, 1]));
  if (users.length >= cores) return shares;
  const { sharing, coresLeft } = setAsideSmall(users, cores);
  const weightSum = sum(sharing);
  const parts = sharing.map((user) => {
    const quota = (coresLeft * user.weight) / weightSum;
    return { id: user.id, whole: Math.floor(quota), fraction: quota - Math.floor(quota) };
  });
  let rest = coresLeft - parts.reduce((total, part) => total + part.whole, 0);
  for (const part of [...parts].sort((a, b) => b.fraction - a.fraction)) {
    shares.set(part.id, part.whole + (rest-- > 0 ? 1 : 0));
  }
  return shares;
}

/** Those whose share would be below one core keep one; the others share what is left. */
function setAsideSmall(users: readonly ThreadUser[], cores: number) {
  let sharing = users;
  let coresLeft = cores;
  for (;;) {
    const weightSum = sum(sharing);
    const large = sharing.filter((user) => user.weight * coresLeft >= weightSum);
    if (large.length === sharing.length) return { sharing, coresLeft };
    coresLeft -= sharing.length - large.length;
    sharing = large;
  }
}

function sum(users: readonly ThreadUser[]): number {
  return users.reduce((total, user) => total + user.weight, 0);
}

function byId(a: ThreadUser, b: ThreadUser): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
