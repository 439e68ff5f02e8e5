/** Calls through the official SageMaker Runtime client, and what came of them. */
import {
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  type InvokeEndpointCommandOutput,
  InvokeEndpointWithResponseStreamCommand,
  type InvokeEndpointWithResponseStreamCommandInput,
  type SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime';
import { expect } from 'vitest';

export type Headers = Partial<InvokeEndpointCommandInput>;

/** For `inline` of `apex`, as JSON, unless the headers say otherwise. */
export function commandInput(body: object | string, headers: Headers = {}): InvokeEndpointCommandInput {
  return {
    EndpointName: 'apex',
    InferenceComponentName: 'inline',
    ContentType: 'application/json',
    Body: typeof body === 'string' ? body : JSON.stringify(body),
    ...headers,
  };
}

export function invoke(
  client: SageMakerRuntimeClient,
  body: object | string,
  headers: Headers = {},
): Promise<InvokeEndpointCommandOutput> {
  return client.send(new InvokeEndpointCommand(commandInput(body, headers)));
}

export function jsonOf(output: InvokeEndpointCommandOutput): unknown {
  return JSON.parse(Buffer.from(output.Body).toString());
}

export interface Streamed {
  readonly contentType: string | undefined;
  readonly parts: readonly string[];
  readonly error: unknown;
  readonly output: { readonly CustomAttributes?: string | undefined };
}

/** The whole stream; `error` is what it broke with. */
export async function stream(
  client: SageMakerRuntimeClient,
  body: object,
  headers: Partial<InvokeEndpointWithResponseStreamCommandInput> = {},
  onPart: () => void = () => undefined,
  abortSignal?: AbortSignal,
): Promise<Streamed> {
  const command = new InvokeEndpointWithResponseStreamCommand({
    ...(commandInput(body) as InvokeEndpointWithResponseStreamCommandInput),
    ...headers,
  });
  const output = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
  const parts: string[] = [];
  const { ContentType: contentType } = output;
  try {
    for await (const event of output.Body ?? []) {
      parts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString());
      if (parts.at(-1) !== '') onPart();
    }
  } catch (error) {
    return { contentType, parts, error, output };
  }
  return { contentType, parts, error: undefined, output };
}

export interface Line {
  readonly token: { readonly id: number | null; readonly text: string; readonly log_prob: number | null };
  readonly generated_text?: string;
  readonly details?: object;
}

export function linesOf({ parts }: Streamed): readonly Line[] {
  const text = parts.join('');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The error a call ended with; fails when it succeeded. */
export async function errorOf(call: Promise<unknown>): Promise<SageMakerRuntimeServiceException> {
  try {
    await call;
  } catch (error) {
    expect(error).toBeInstanceOf(SageMakerRuntimeServiceException);
    return error as SageMakerRuntimeServiceException;
  }
  throw new Error('the call succeeded');
}
