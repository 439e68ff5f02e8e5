/** What the key file holds of a key. Secrets are hashed (bearer) or sealed (access keys), never plain. */
import { z } from 'zod';
import { priorityMax, priorityMin, weightMax, weightMin } from '../../../domain/inference.js';

export const KeyKind = {
  /** A secret sent along with each request: `Authorization: Bearer …`. */
  Bearer: 'bearer',
  /** An AWS access key: its secret signs requests and is never sent. */
  Access: 'access',
} as const;
export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

/** Tokens a minute that a budget may be. */
export const tokensPerMinuteMax = 1_000_000_000;

/** What a share has where there is not enough for all; files of before have none of it. */
const shareTerms = {
  weight: z.number().min(weightMin).max(weightMax).default(1),
  /** Null = no budget. */
  tokensPerMinute: z.number().int().min(1).max(tokensPerMinuteMax).nullable().default(null),
};

const priority = z.number().int().min(priorityMin).max(priorityMax).default(0);

const common = {
  ...shareTerms,
  /** Of its requests that ask for none, and the highest they may ask for. */
  priority,
  priorityMax: priority,
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

const accountRecordSchema = z.strictObject({ account: z.string().regex(/^\d{12}$/), ...shareTerms });
/** An account that is not as accounts are by default. */
export type AccountRecord = z.infer<typeof accountRecordSchema>;

/** Keys a file may hold, and accounts. */
export const keysMax = 10_000;
export const accountsMax = 10_000;
export const keyFileSchema = z.strictObject({
  version: z.literal(1),
  keys: z.array(keyRecordSchema).max(keysMax),
  accounts: z.array(accountRecordSchema).max(accountsMax).default([]),
});
