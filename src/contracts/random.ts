/** Chance and identity, handed in, so that a run can be replayed from its seed. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A new name, unique on this machine, of [a-z0-9-]. */
  id(): string;
}
