/**
 * Which copy has the calls of which session, for one component, and so of one account. A session that was opened here
 * lives until its time is over or it is closed; one that a caller only names is kept while it is used.
 *
 * Nothing is lost with a session: what our engines need, each request carries. It only says where the request's
 * beginning is cached. That is different for containers, which may keep state of their own (`isBound`).
 */
import { StowageError } from '../domain/errors.js';

/**
 * Of a component. A key may open one more while it has fewer open than are still free: alone it has at most half of them,
 * and whoever comes after it finds half of the rest. So no key takes all, and nobody need know who else may come.
 */
export const openSessionsMax = 10_000;
/** Of a component; the one that was used longest ago is forgotten. */
export const namedSessionsMax = 10_000;

export interface OpenedSession {
  readonly id: string;
  /** Wall clock, milliseconds, whole seconds. */
  readonly expiresAt: number;
}

/** Who opens a session, and of what. */
interface SessionOwner {
  /** The component's name. */
  readonly component: string;
  /** The key's public id. */
  readonly key: string;
}

export interface Session {
  /** Opened here, not only named by its caller. */
  readonly isOpened: boolean;
  /** Whose it is, of those that were opened; null = it was only named. */
  readonly key: string | null;
  /** `copyKey` of the copy that had its last call; null = it had none yet. */
  copy: string | null;
  /** Milliseconds of the clock. */
  endsAt: number;
}

export class Sessions {
  private readonly opened = new Map<string, Session>();
  /** How many are open, by key. */
  private readonly openByKey = new Map<string, number>();
  private readonly named = new Map<string, Session>();

  get size(): number {
    return this.opened.size + this.named.size;
  }

  /** A session that lives for `lifeMs`. Throws CAP-112 when its key has its share of them. */
  open(id: string, { component, key }: SessionOwner, lifeMs: number, now: number): void {
    if (!this.hasShareLeft(key)) this.sweep(now);
    if (!this.hasShareLeft(key)) {
      const values = { component, open: this.opened.size, limit: openSessionsMax, key };
      throw StowageError.of('CAP-112', { ...values, own: this.ownOf(key) }, { retryAfterSeconds: 30 });
    }
    this.opened.set(id, { isOpened: true, key, copy: null, endsAt: now + lifeMs });
    this.openByKey.set(key, this.ownOf(key) + 1);
  }

  /** True when there was such a session. */
  close(id: string, now: number): boolean {
    const session = this.opened.get(id);
    this.forget(id, session);
    return session !== undefined && session.endsAt > now;
  }

  /** The session of that id; one that nobody opened is made by its first call and lives `lifeMs` after its last. */
  of(id: string, lifeMs: number, now: number): Session {
    const opened = this.opened.get(id);
    if (opened !== undefined && opened.endsAt > now) return opened;
    this.forget(id, opened);
    const known = this.named.get(id);
    const isLive = known !== undefined && known.endsAt > now;
    const session = isLive ? known : { isOpened: false, key: null, copy: null, endsAt: 0 };
    session.endsAt = now + lifeMs;
    this.named.delete(id);
    this.named.set(id, session);
    if (this.named.size > namedSessionsMax) {
      for (const oldest of this.named.keys()) {
        this.named.delete(oldest);
        break;
      }
    }
    return session;
  }

  private sweep(now: number): void {
    for (const [id, session] of this.opened) if (session.endsAt <= now) this.forget(id, session);
  }

  private ownOf(key: string): number {
    return this.openByKey.get(key) ?? 0;
  }

  private hasShareLeft(key: string): boolean {
    return this.ownOf(key) < openSessionsMax - this.opened.size;
  }

  private forget(id: string, session: Session | undefined): void {
    if (session === undefined || session.key === null) return;
    this.opened.delete(id);
    const own = this.ownOf(session.key) - 1;
    if (own > 0) this.openByKey.set(session.key, own);
    else this.openByKey.delete(session.key);
  }
}
