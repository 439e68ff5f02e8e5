/** Secrets at rest: AES-256-GCM under a key that lies beside them with the same permissions. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { unusable } from './private-files.js';

const nonceBytes = 12;
const tagBytes = 16;

export function newSealKey(): string {
  return randomBytes(32).toString('base64');
}

/** `secret` sealed for `context`: opened with another context it fails. */
export function seal(key: string, context: string, secret: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), nonce);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Throws HOST-605 when the key is another or the text was changed. */
export function unseal(key: string, context: string, sealed: string): string {
  try {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(key, 'base64'),
      bytes.subarray(0, nonceBytes),
    );
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const secret = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
    return secret.toString('utf8');
  } catch (cause) {
    throw unusable(
      'seal.key does not open the keys in keys.json',
      'restore both files from one backup',
      cause,
    );
  }
}
