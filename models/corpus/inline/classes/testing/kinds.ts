/** Kinds of test classes: rules, effects on records, failures, what a setup made, users, jobs and callouts. */
import type { FileKind } from '../../file-kind.js';
import { calloutTests, jobTests, orderTests, setupTests, userTests } from './data.js';
import { dmlTests, refusalTests } from './failures.js';
import { bulkTests, effectTests, sumTests } from './records.js';
import { listedTests, ruleTests } from './rules.js';
import { testKind } from './words.js';

const rules = [
  'CalculatorTest',
  'RulesTest',
  'LabelsTest',
  'PricingTest',
  'PolicyTest',
  'MathTest',
  'TermsTest',
];
const services = ['ServiceTest', 'UpdaterTest', 'CheckTest', 'HandlerTest', 'ActionTest', 'MonitorTest'];

/** Whole test classes. */
export const testingKinds: readonly FileKind[] = [
  { ...testKind('test of rules', rules, ruleTests), weight: 2 },
  testKind('test of a list of cases', rules, listedTests),
  { ...testKind('test of effects', services, effectTests), weight: 2 },
  testKind('test in bulk', services, bulkTests),
  testKind('test of sums', ['TotalsTest', 'SumTest', 'StatisticsTest', 'ReportTest'], sumTests),
  testKind('test of refusals', ['ValidatorTest', 'ServiceTest', 'GuardTest', 'RegistryTest'], refusalTests),
  testKind('test of writes', ['TriggerTest', 'HandlerTest', 'ValidationTest'], dmlTests),
  testKind('test with setup', ['SelectorTest', 'FinderTest', 'QueriesTest'], setupTests),
  testKind('test as a user', ['AccessTest', 'PermissionsTest', 'SecurityTest'], userTests),
  testKind('test of a job', ['BatchTest', 'QueueableTest', 'JobTest', 'SchedulerTest'], jobTests),
  testKind('test of a callout', ['ClientTest', 'CalloutTest', 'GatewayTest'], calloutTests),
  testKind('test of an order', ['SorterTest', 'OrderingTest', 'RankingTest'], orderTests),
];
