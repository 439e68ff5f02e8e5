/**
 * Sessions on SageMaker's wire: `SessionId: NEW_SESSION` opens one, with any body or with one that asks for nothing else;
 * a body with `requestType: CLOSE` closes the one that the header names. The bodies are the large-model containers'.
 */
import type { OpenedSession } from '../../serving/facade.js';
import { badField, type JsonObject } from '../json-body/fields.js';
import type { Invocation } from './invocation.js';

export const SessionRequest = {
  /** Only a session is wanted. */
  Open: 'NEW_SESSION',
  Close: 'CLOSE',
} as const;
export type SessionRequest = (typeof SessionRequest)[keyof typeof SessionRequest];

export const closedSessionHeader = 'x-amzn-sagemaker-closed-session-id';

/** What a body asks of sessions and of nothing else; null = it asks the model. Throws REQ-210. */
export function sessionRequestOf(body: JsonObject, invocation: Invocation): SessionRequest | null {
  const { requestType } = body;
  if (requestType === SessionRequest.Open) {
    if (invocation.opensSession) return SessionRequest.Open;
    throw badField('requestType', '`NEW_SESSION` needs the header X-Amzn-SageMaker-Session-Id: NEW_SESSION');
  }
  if (requestType === SessionRequest.Close) {
    if (invocation.session !== null) return SessionRequest.Close;
    throw badField('requestType', '`CLOSE` needs the session’s id in the header X-Amzn-SageMaker-Session-Id');
  }
  return null;
}

/** `id; Expires=YYYY-MM-DDThh:mm:ssZ` */
export function newSessionHeader({ id, expiresAt }: OpenedSession): Readonly<Record<string, string>> {
  const expires = `${new Date(expiresAt).toISOString().slice(0, 19)}Z`;
  return { 'x-amzn-sagemaker-new-session-id': `${id}; Expires=${expires}` };
}
