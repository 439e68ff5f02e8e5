/**
 * Which copy has the calls of which session, for one component, and so of one account. A session that was opened here
 * lives until its time is over or it is closed; one that a caller only names is kept while it is used.
 *
 * Nothing is lost with a session: what our engines need, each request carries. It only says where the request's
 * beginning is cached. That is different for containers, which may keep state of their own (`isBound`).
 */
import { StowageError } from '../domain/errors.js';

/** Of a component; opening one more is refused. */
export const openSessionsMax = 10_000;
/** Of a component; the one that was used longest ago is forgotten. */
export const namedSessionsMax = 10_000;

export interface OpenedSession {
  readonly id: string;
  /** Wall clock, milliseconds, whole seconds. */
  readonly expiresAt: number;
}

export interface Session {
  /** Opened here, not only named by its caller. */
  readonly isOpened: boolean;
  /** `copyKey` of the copy that had its last call; null = it had none yet. */
  copy: string | null;
  /** Milliseconds of the clock. */
  endsAt: number;
}

export class Sessions {
  private readonly opened = new Map<string, Session>();
  private readonly named = new Map<string, Session>();

  get size(): number {
    return this.opened.size + this.named.size;
  }

  /** A session that lives for `lifeMs`. Throws CAP-112 when there are too many. */
  open(id: string, component: string, lifeMs: number, now: number): void {
    if (this.opened.size >= openSessionsMax) this.sweep(now);
    if (this.opened.size >= openSessionsMax) {
      throw StowageError.of('CAP-112', { component, limit: openSessionsMax }, { retryAfterSeconds: 30 });
    }
    this.opened.set(id, { isOpened: true, copy: null, endsAt: now + lifeMs });
  }

  /** True when there was such a session. */
  close(id: string, now: number): boolean {
    const session = this.opened.get(id);
    this.opened.delete(id);
    return session !== undefined && session.endsAt > now;
  }

  /** The session of that id; one that nobody opened is made by its first call and lives `lifeMs` after its last. */
  of(id: string, lifeMs: number, now: number): Session {
    const opened = this.opened.get(id);
    if (opened !== undefined && opened.endsAt > now) return opened;
    if (opened !== undefined) this.opened.delete(id);
    const known = this.named.get(id);
    const isLive = known !== undefined && known.endsAt > now;
    const session = isLive ? known : { isOpened: false, copy: null, endsAt: 0 };
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
    for (const [id, { endsAt }] of this.opened) if (endsAt <= now) this.opened.delete(id);
  }
}
