/**
 * CloudWatch's metrics at any address: its JSON protocol, signed by hand, because its SDK would be a dependency for two
 * calls. What goes wrong is thrown as a row of the error table: the server's own where it is a Stowage.
 */
import { StowageError } from '../../../domain/errors.js';
import { signatureHeaders } from '../../../toolkit/benchmark/request-signing.js';
import type { AccessKey, Connection } from './connection.js';
import { quietenSdk } from './control-api.js';
import { errorOfControl } from './control-failure.js';

export interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

export interface MetricsApi {
  /** All metrics of a namespace of that name that have that dimension. */
  list(namespace: string, metricName: string, dimension: string): Promise<readonly MetricName[]>;
  /** The sum of all values of each metric between two times, seconds since 1970, in the order of the metrics. */
  sums(
    metrics: readonly MetricName[],
    from: number,
    to: number,
    periodSeconds: number,
  ): Promise<readonly number[]>;
}

/** Queries of one call, and pages that are followed: CloudWatch's number, and ours. */
const queriesMax = 500;
const pagesMax = 1_000;
const answerMsMax = 60_000;

export function openMetricsApi(connection: Connection): MetricsApi {
  const { url, region } = connection;
  let key: Promise<AccessKey> | null = null;
  const base = url?.replaceAll('{region}', region) ?? `https://monitoring.${region}.amazonaws.com`;
  const { host, origin } = new URL(base);
  const call = async <Output>(operation: string, input: object): Promise<Output> => {
    const body = JSON.stringify(input);
    const credentials = await (key ??= keyOf(connection));
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
    };
    const request = { method: 'POST', service: 'monitoring', host, path: '/', headers, body, at: Date.now() };
    const signed = signatureHeaders(request, { ...credentials, region });
    try {
      const response = await fetch(`${origin}/`, {
        method: 'POST',
        headers: { ...headers, ...signed },
        body,
        signal: AbortSignal.timeout(answerMsMax),
      });
      const answer = (await response.json()) as Output & { message?: string };
      if (response.ok) return answer;
      throw Object.assign(new Error(answer.message ?? response.statusText), {
        $metadata: { httpStatusCode: response.status },
        $response: { headers: Object.fromEntries(response.headers) },
      });
    } catch (thrown) {
      throw errorOfControl(thrown, base);
    }
  };
  return {
    list: (namespace, metricName, dimension) => listMetrics(call, namespace, metricName, dimension),
    sums: (metrics, from, to, period) => sumMetrics(call, metrics, { from, to, period }),
  };
}

/** The access key, or what the AWS tools have for the profile: their SDK knows where. Throws KEY-400. */
async function keyOf({ credentials, profile, region }: Connection): Promise<AccessKey> {
  if (credentials !== null) return credentials;
  quietenSdk();
  const { SageMakerClient } = await import('@aws-sdk/client-sagemaker');
  const client = new SageMakerClient({ region, ...(profile === null ? {} : { profile }) });
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  } catch (thrown) {
    throw StowageError.of('KEY-400', { problem: (thrown as Error).message }, { cause: thrown });
  } finally {
    client.destroy();
  }
}

type CallOperation = <Output>(operation: string, input: object) => Promise<Output>;

async function listMetrics(
  call: CallOperation,
  Namespace: string,
  metricName: string,
  dimension: string,
): Promise<readonly MetricName[]> {
  const found: MetricName[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const answer = await call<{ Metrics?: MetricName[]; NextToken?: string }>('ListMetrics', {
      Namespace,
      MetricName: metricName,
      Dimensions: [{ Name: dimension }],
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    found.push(...(answer.Metrics ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return found;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly period: number;
}

async function sumMetrics(
  call: CallOperation,
  metrics: readonly MetricName[],
  { from, to, period }: Stretch,
): Promise<readonly number[]> {
  const sums = new Array<number>(metrics.length).fill(0);
  for (let first = 0; first < metrics.length; first += queriesMax) {
    const queries = metrics.slice(first, first + queriesMax).map((Metric, index) => ({
      Id: `m${first + index}`,
      MetricStat: { Metric, Period: period, Stat: 'Sum' },
    }));
    let NextToken: string | undefined;
    for (let page = 0; page < pagesMax; page++) {
      const answer = await call<{
        MetricDataResults?: { Id: string; Values?: number[] }[];
        NextToken?: string;
      }>('GetMetricData', {
        MetricDataQueries: queries,
        StartTime: from,
        EndTime: to,
        ...(NextToken === undefined ? {} : { NextToken }),
      });
      for (const { Id, Values = [] } of answer.MetricDataResults ?? []) {
        const index = Number(Id.slice(1));
        sums[index] = Values.reduce((sum, value) => sum + value, sums[index] ?? 0);
      }
      NextToken = answer.NextToken;
      if (NextToken === undefined) break;
    }
  }
  return sums;
}
