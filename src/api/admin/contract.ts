/** What the admin addresses answer with. The only file of the server that the console may import. */

/** `GET /health` and `GET /ping`: 200 with `ok`, 503 with `starting`. */
export interface Health {
  readonly status: 'ok' | 'starting';
}
