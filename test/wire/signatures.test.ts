import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, statSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyAuthenticator } from '../../src/adapters/identity/key-file/authenticator.js';
import { KeyKind } from '../../src/adapters/identity/key-file/key-record.js';
import { KeyStore } from '../../src/adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../src/adapters/identity/sigv4/verify.js';
import { silentLog } from '../../src/adapters/telemetry/memory/telemetry.js';
import type { Clock } from '../../src/contracts/clock.js';
import type { CredentialedRequest } from '../../src/contracts/identity.js';

/** The wall clock of the machine, and timers that never run. */
let wallShiftMs = 0;
const clock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now() + wallShiftMs,
  after: () => () => {},
};

const folder = mkdtempSync(join(tmpdir(), 'stowage-keys-'));
const { store, first } = KeyStore.open(folder, clock);
const signatures = new SignatureVerifier(clock);
const authenticator = createKeyAuthenticator({ store, signatures, clock, log: silentLog });
const captured: CredentialedRequest[] = [];

async function capture(
  send: (client: SageMakerRuntimeClient) => Promise<unknown>,
): Promise<CredentialedRequest> {
  const received: CredentialedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method: method!, target: url!, headers, body: Buffer.concat(chunks) });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new SageMakerRuntimeClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: first!.accessKeyId, secretAccessKey: first!.secretAccessKey },
    maxAttempts: 1,
  });
  await send(client).catch(() => {});
  client.destroy();
  server.closeAllConnections();
  server.close();
  return received[0]!;
}

beforeAll(async () => {
  captured.push(
    await capture((client) =>
      client.send(
        new InvokeEndpointCommand({
          EndpointName: 'apexguru',
          Body: '{"inputs":"é"}',
          ContentType: 'application/json',
          CustomAttributes: 'a  b   c',
          InferenceComponentName: 'inline',
        }),
      ),
    ),
    await capture((client) =>
      client.send(new InvokeEndpointWithResponseStreamCommand({ EndpointName: 'a b*c', Body: 'x' })),
    ),
  );
});

afterAll(() => authenticator.close());

describe('signatures of the official SDK', () => {
  it('are accepted, with spaces and signs in the path too', () => {
    expect(captured).toHaveLength(2);
    for (const request of captured) {
      expect(authenticator.authenticate(request).keyId).toBe(first!.accessKeyId);
    }
  });

  it('are refused when any part of what they sign is changed', () => {
    const request = captured[0]!;
    const signed = /SignedHeaders=([^,]+)/.exec(String(request.headers['authorization']))![1]!.split(';');
    const change = fc.oneof(
      fc.nat(request.body.length - 1).map((at) => {
        const body = Buffer.from(request.body);
        body[at] = body[at]! ^ 1;
        return { ...request, body };
      }),
      fc.constantFrom('GET', 'PUT').map((method) => ({ ...request, method })),
      fc
        .constantFrom('/endpoints/other/invocations', `${request.target}?x=1`)
        .map((target) => ({ ...request, target })),
      fc.constantFrom(...signed).map((name) => ({
        ...request,
        headers: { ...request.headers, [name]: `${String(request.headers[name])}1` },
      })),
    );
    fc.assert(
      fc.property(change, (changed) => {
        expect(() => authenticator.authenticate(changed)).toThrow(/signature/);
      }),
    );
  });

  it('are refused outside five minutes of the server’s clock', () => {
    for (const [minutes, refused] of [
      [4, false],
      [-4, false],
      [6, true],
      [-6, true],
    ] as const) {
      wallShiftMs = minutes * 60_000;
      const attempt = () => authenticator.authenticate(captured[0]!);
      if (refused) expect(attempt).toThrow(expect.objectContaining({ code: 'KEY-405' }));
      else expect(attempt).not.toThrow();
    }
    wallShiftMs = 0;
  });

  it('never crash the server, whatever the header says', () => {
    const part = fc.constantFrom(
      'AWS4-HMAC-SHA256 ',
      'Credential=',
      'a/b/c/d/aws4_request',
      ',',
      'SignedHeaders=',
      ';',
    );
    const header = fc.array(fc.oneof(part, fc.string({ maxLength: 20 })), { maxLength: 12 });
    fc.assert(
      fc.property(header, (parts) => {
        const headers = { ...captured[0]!.headers, authorization: parts.join('') };
        expect(() => authenticator.authenticate({ ...captured[0]!, headers })).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^KEY-40\d$/) as string }),
        );
      }),
    );
  });
});

describe('the key store', () => {
  const bearer = (secret: string): CredentialedRequest => ({
    method: 'GET',
    target: '/',
    headers: { authorization: `Bearer ${secret}` },
    body: Buffer.alloc(0),
  });

  it('writes the first keys for this machine’s programs, for their owner alone, and no secret in keys.json', () => {
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(read('api-key').trim()).toBe(first!.bearer);
    expect(read('credentials')).toContain(`aws_secret_access_key = ${first!.secretAccessKey}`);
    for (const secret of [first!.bearer, first!.secretAccessKey]) {
      expect(read('keys.json')).not.toContain(secret);
    }
    for (const name of ['api-key', 'credentials', 'keys.json', 'seal.key']) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('knows a bearer key until it expires, is rotated or revoked', () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const made = store.create(KeyKind.Bearer, { name: 'x', expiresAt });
    const fresh = () => {
      const reopened = KeyStore.open(folder, clock).store;
      return createKeyAuthenticator({ store: reopened, signatures, clock, log: silentLog });
    };
    expect(fresh().authenticate(bearer(made.secret)).keyId).toBe(made.record.id);
    wallShiftMs = 61_000;
    expect(() => fresh().authenticate(bearer(made.secret))).toThrow(/expired/);
    wallShiftMs = 0;
    const rotated = store.rotate(made.record.id);
    expect(() => fresh().authenticate(bearer(made.secret))).toThrow(/not known/);
    expect(fresh().authenticate(bearer(rotated.secret)).keyId).toBe(rotated.record.id);
    store.revoke(rotated.record.id);
    expect(() => fresh().authenticate(bearer(rotated.secret))).toThrow(/not known/);
  });

  it('refuses files that others can read, with the command that mends it', () => {
    chmodSync(join(folder, 'keys.json'), 0o644);
    expect(() => KeyStore.open(folder, clock)).toThrow(
      expect.objectContaining({ code: 'HOST-605', mend: expect.stringContaining('chmod 600') as string }),
    );
    chmodSync(join(folder, 'keys.json'), 0o600);
  });
});
