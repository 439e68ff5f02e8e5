/** What the key file holds of a key. Secrets are hashed (bearer) or sealed (access keys), never plain. */
import { z } from 'zod';

export const KeyKind = {
  /** A secret sent along with each request: `Authorization: Bearer …`. */
  Bearer: 'bearer',
  /** An AWS access key: its secret signs requests and is never sent. */
  Access: 'access',
} as const;
export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

const common = {
  /** Public: access key ids, and `key-…` for bearer keys. */
  id: z.string().min(1).max(64),
  name: z.string().max(64),
  account: z.string().regex(/^\d{12}$/),
  /** Patterns of actions the key may ask for; `*` stands for any run of characters. */
  actions: z.array(z.string().min(1).max(128)).max(64),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  /** Its plain form is also in `api-key` or `credentials` beside the key file. */
  isDefault: z.boolean(),
};

export const keyRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal(KeyKind.Bearer), ...common, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ kind: z.literal(KeyKind.Access), ...common, sealedSecret: z.string().max(512) }),
]);
export type KeyRecord = z.infer<typeof keyRecordSchema>;

/** Keys a file may hold. */
export const keysMax = 10_000;
export const keyFileSchema = z.strictObject({
  version: z.literal(1),
  keys: z.array(keyRecordSchema).max(keysMax),
});
