import fc from 'fast-check';
import { expect, it } from 'vitest';
import { operationCodecs } from '../service-model/operation-codec.js';
import { monitoringService } from './coverage.js';
import { queryInput, xmlElements, xmlText } from './query.js';

const codecs = operationCodecs(monitoringService);

function read(operation: string, fields: string): unknown {
  const codec = codecs.get(operation);
  if (codec === undefined) throw new Error('no such operation');
  return queryInput(codec.input, new URLSearchParams(fields));
}

it.each<[string, string, unknown]>([
  ['DescribeAlarms', 'Action=DescribeAlarms&Version=2010-08-01', {}],
  [
    'DescribeAlarms',
    'AlarmNames.member.10=c&AlarmNames.member.2=b&AlarmNames.member.1=a',
    { AlarmNames: ['a', 'b', 'c'] },
  ],
  ['DescribeAlarms', 'AlarmNames=', { AlarmNames: [] }],
  ['DescribeAlarms', 'AlarmNames=a', { AlarmNames: 'a' }],
  ['DescribeAlarms', 'MaxRecords=5', { MaxRecords: 5 }],
  ['DescribeAlarms', 'MaxRecords=0x5', { MaxRecords: '0x5' }],
  ['PutMetricAlarm', 'Threshold=-1.5e3&ActionsEnabled=true', { Threshold: -1500, ActionsEnabled: true }],
  ['PutMetricAlarm', 'ActionsEnabled=yes', { ActionsEnabled: 'yes' }],
  ['PutMetricAlarm', 'AlarmName=a%20%C3%BC+b', { AlarmName: 'a ü b' }],
  ['PutMetricAlarm', 'Dimensions.member.1.Name=n', { Dimensions: [{ Name: 'n' }] }],
  ['PutMetricAlarm', 'Nothing.member.1=n', { Nothing: null }],
])('%s: %s', (operation, fields, expected) => {
  expect(read(operation, fields)).toEqual(expected);
});

it('any form is read', () => {
  const part = fc.constantFrom(
    'member',
    '1',
    '2',
    'Dimensions',
    'Name',
    'AlarmNames',
    '__proto__',
    '',
    'Metrics',
  );
  const field = fc.tuple(
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.')),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      for (const operation of codecs.keys()) read(operation, new URLSearchParams(fields).toString());
    }),
  );
});

it('a field of a million parts is read', () => {
  expect(read('PutMetricAlarm', `${'a.'.repeat(100_000)}=1`)).toEqual({ a: null });
});

it('XML has no character that it cannot say', () => {
  expect(xmlText('a<b>&"\u0000\ud800\r\n')).toBe('a&lt;b&gt;&amp;&quot;\ufffd\ufffd&#13;\n');
  expect(xmlElements({ A: [1, { B: true }], C: [] })).toBe(
    '<A><member>1</member><member><B>true</B></member></A><C></C>',
  );
});
