/** A command that was asked for wrongly: its message says what is wrong, and whoever runs commands adds how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
