/** CloudWatch's alarms through the official client, and through the two protocols that other clients speak. */
import {
  type CloudWatchClient,
  CloudWatchServiceException,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListDashboardsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '../../src/api/cloudwatch/cbor.js';
import { StowageError } from '../../src/domain/errors.js';
import { type ControlServer, startControlServer } from './control-server.js';

let server: ControlServer;
let client: CloudWatchClient;

beforeAll(async () => {
  server = await startControlServer();
  client = server.cloudWatch();
});
afterAll(async () => {
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});
beforeEach(() => {
  server.control.calls.length = 0;
  server.control.answer = {};
});

const at = 1_750_000_000_123;
const alarm = {
  AlarmName: 'errors',
  Namespace: 'AWS/SageMaker',
  MetricName: 'Invocation5XXErrors',
  Dimensions: [
    { Name: 'EndpointName', Value: 'e' },
    { Name: 'VariantName', Value: 'v <&>' },
  ],
  Statistic: 'Sum',
  Period: 10,
  EvaluationPeriods: 3,
  Threshold: 0.5,
  ActionsEnabled: false,
  ComparisonOperator: 'GreaterThanThreshold',
} satisfies PutMetricAlarmCommandInput;
const alarmInput = {
  alarmName: 'errors',
  namespace: 'AWS/SageMaker',
  metricName: 'Invocation5XXErrors',
  dimensions: [
    { name: 'EndpointName', value: 'e' },
    { name: 'VariantName', value: 'v <&>' },
  ],
  statistic: 'Sum',
  period: 10,
  evaluationPeriods: 3,
  threshold: 0.5,
  actionsEnabled: false,
  comparisonOperator: 'GreaterThanThreshold',
};
const described = {
  metricAlarms: [{ ...alarmInput, stateValue: 'ALARM', stateUpdatedTimestamp: at, stateReasonData: null }],
  compositeAlarms: [],
};
const received = {
  MetricAlarms: [{ ...alarm, StateValue: 'ALARM', StateUpdatedTimestamp: new Date(at) }],
  CompositeAlarms: [],
};
const missing = StowageError.of('NAME-410', { kind: 'alarm', arn: 'ARN' });

async function errorOf(call: Promise<unknown>): Promise<CloudWatchServiceException> {
  try {
    await call;
  } catch (error) {
    expect(error).toBeInstanceOf(CloudWatchServiceException);
    return error as CloudWatchServiceException;
  }
  throw new Error('the call succeeded');
}

describe('the official client', () => {
  it('puts, describes, sets and deletes alarms', async () => {
    await client.send(new PutMetricAlarmCommand(alarm));
    server.control.answer = described;
    const { $metadata: _, ...output } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: ['errors'] }),
    );
    expect(output).toEqual(received);
    server.control.answer = {};
    const state = { AlarmName: 'errors', StateValue: 'OK', StateReason: 'a test' } as const;
    await client.send(new SetAlarmStateCommand(state));
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    const scope = { account: server.account, region: 'us-east-1' };
    expect(server.control.calls).toEqual([
      { operation: 'PutMetricAlarm', scope, input: alarmInput },
      { operation: 'DescribeAlarms', scope, input: { alarmNames: ['errors'] } },
      {
        operation: 'SetAlarmState',
        scope,
        input: { alarmName: 'errors', stateValue: 'OK', stateReason: 'a test' },
      },
      { operation: 'DeleteAlarms', scope, input: { alarmNames: ['errors'] } },
    ]);
  });

  it.each<[string, Error, string, number]>([
    ['what is not there', missing, 'ResourceNotFound', 404],
    [
      'a limit',
      StowageError.of('LIMIT-710', { limit: 'alarms', max: 1, problem: 'There is 1.' }),
      'LimitExceededFault',
      400,
    ],
    ['a bad token', StowageError.of('LIMIT-711', { problem: 'The token is old.' }), 'InvalidNextToken', 400],
    ['a defect', StowageError.of('INT-500', {}), 'InternalServiceFault', 500],
    ['a restart', StowageError.of('RUN-310', {}), 'ServiceUnavailable', 503],
  ])('is told of %s', async (_, thrown, name, status) => {
    server.control.answer = thrown;
    const error = await errorOf(client.send(new DescribeAlarmsCommand({})));
    expect([error.name, error.$metadata.httpStatusCode]).toEqual([name, status]);
    if (name !== 'InternalServiceFault') return;
    server.listener.log.lines.length = 0;
  });

  it('is refused by the model, and by name what is not supported', async () => {
    const noName = await errorOf(client.send(new DeleteAlarmsCommand({ AlarmNames: undefined })));
    expect(noName.name).toBe('MissingRequiredParameterException');
    const bad = await errorOf(client.send(new DescribeAlarmsCommand({ MaxRecords: 101 })));
    expect(bad.name).toBe('InvalidParameterValueException');
    expect(bad.message).toContain("Value '101' at 'maxRecords' failed to satisfy constraint");
    const band = await errorOf(
      client.send(new PutMetricAlarmCommand({ ...alarm, ThresholdMetricId: 'band' })),
    );
    expect(band.message).toContain('`ThresholdMetricId` is not supported');
    const unserved = await errorOf(client.send(new ListDashboardsCommand({})));
    expect(unserved.name).toBe('InvalidAction');
    expect(unserved.message).toContain('does not have this operation of CloudWatch’s');
  });
});

describe('the query protocol', () => {
  const form = 'application/x-www-form-urlencoded; charset=utf-8';
  async function query(fields: Readonly<Record<string, string>>): Promise<[number, string, string | null]> {
    const body = new URLSearchParams({ Version: '2010-08-01', ...fields }).toString();
    const response = await server.post('/', { 'content-type': form }, body);
    return [response.status, await response.text(), response.headers.get('content-type')];
  }

  it('reads forms', async () => {
    const [status, text, type] = await query({
      Action: 'PutMetricAlarm',
      AlarmName: 'errors',
      Namespace: 'AWS/SageMaker',
      MetricName: 'Invocation5XXErrors',
      'Dimensions.member.1.Name': 'EndpointName',
      'Dimensions.member.1.Value': 'e',
      'Dimensions.member.2.Name': 'VariantName',
      'Dimensions.member.2.Value': 'v <&>',
      Statistic: 'Sum',
      Period: '10',
      EvaluationPeriods: '3',
      Threshold: '5.0E-1',
      ActionsEnabled: 'false',
      ComparisonOperator: 'GreaterThanThreshold',
      'AlarmActions.member.1': 'arn',
    });
    expect([status, type]).toEqual([200, 'text/xml']);
    expect(text).toMatch(
      /^<PutMetricAlarmResponse xmlns="[^"]+"><ResponseMetadata><RequestId>[^<]+<\/RequestId><\/ResponseMetadata><\/PutMetricAlarmResponse>$/,
    );
    expect(server.control.calls[0]?.input).toEqual({ ...alarmInput, alarmActions: ['arn'] });
  });

  it('writes XML', async () => {
    server.control.answer = described;
    const [, text] = await query({ Action: 'DescribeAlarms', 'AlarmNames.member.1': 'errors' });
    expect(server.control.calls[0]?.input).toEqual({ alarmNames: ['errors'] });
    expect(text).toContain('<DescribeAlarmsResult><CompositeAlarms></CompositeAlarms><MetricAlarms><member>');
    expect(text).toContain(
      '<member><Name>VariantName</Name><Value>v &lt;&amp;&gt;</Value></member></Dimensions>',
    );
    expect(text).toContain('<StateUpdatedTimestamp>2025-06-15T15:06:40.123Z</StateUpdatedTimestamp>');
  });

  it('tells errors in XML', async () => {
    server.control.answer = missing;
    const [status, text] = await query({ Action: 'DeleteAlarms', 'AlarmNames.member.1': 'x' });
    expect(status).toBe(404);
    expect(text).toContain(
      '<Error><Type>Sender</Type><Code>ResourceNotFound</Code><Message>Could not find alarm &quot;ARN&quot;.</Message>',
    );
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ Action: 'ListDashboards' }, 'InvalidAction'],
    [{}, 'InvalidAction'],
    [{ Action: 'DeleteAlarms' }, 'MissingParameter'],
    [{ Action: 'DescribeAlarms', MaxRecords: 'many' }, 'MalformedInput'],
    [{ Action: 'DescribeAlarms', 'MaxRecords.member.1': '1' }, 'MalformedInput'],
    [{ Action: 'DescribeAlarms', [Array(5000).fill('a').join('.')]: '1' }, 'InvalidParameterValue'],
    [{ Action: 'DescribeAlarms', '__proto__.a': '1' }, 'InvalidParameterValue'],
  ])('refuses %j', async (fields, code) => {
    const [status, text] = await query(fields);
    expect(status).toBe(400);
    expect(text).toContain(`<Code>${code}</Code>`);
    expect(server.control.calls).toEqual([]);
  });

  it('tells in XML also that nobody knows the key', async () => {
    const headers = { 'content-type': form, authorization: 'Bearer nobody' };
    const response = await fetch(server.listener.url, {
      method: 'POST',
      headers,
      body: 'Action=DescribeAlarms',
    });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>InvalidClientTokenId</Code>');
  });
});

describe('RPC with CBOR', () => {
  async function call(operation: string, body: Uint8Array): Promise<[Response, Buffer]> {
    const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' };
    const path = `/service/GraniteServiceVersion20100801/operation/${operation}`;
    const response = await server.post(path, headers, body);
    expect(response.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
    return [response, Buffer.from(await response.arrayBuffer())];
  }

  it('reads and answers', async () => {
    const [put, nothing] = await call('PutMetricAlarm', encodeCbor(alarm));
    expect([put.status, nothing.length, put.headers.get('content-type')]).toEqual([200, 0, null]);
    expect(server.control.calls[0]?.input).toEqual(alarmInput);
    server.control.answer = described;
    const [response, body] = await call('DescribeAlarms', encodeCbor({}));
    expect(response.headers.get('content-type')).toBe('application/cbor');
    expect(decodeCbor(body)).toEqual({
      ...received,
      MetricAlarms: [{ ...received.MetricAlarms[0], StateUpdatedTimestamp: at / 1000 }],
    });
  });

  it.each<[string, Uint8Array, number, string]>([
    ['DeleteAlarms', encodeCbor({ AlarmNames: ['x'] }), 404, 'ResourceNotFound'],
    ['DeleteAlarms', encodeCbor({}), 400, 'MissingRequiredParameterException'],
    ['DeleteAlarms', encodeCbor({ AlarmNames: 'x' }), 400, 'SerializationException'],
    ['DeleteAlarms', Buffer.from('{}'), 400, 'InvalidParameterValueException'],
    ['ListDashboards', encodeCbor({}), 400, 'UnknownOperationException'],
  ])('tells errors of %s', async (operation, body, status, name) => {
    server.control.answer = missing;
    const [response, answer] = await call(operation, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-query-error')).toMatch(/^\w+;Sender$/);
    expect(decodeCbor(answer)).toMatchObject({ __type: name });
  });
});
