/**
 * CloudWatch's metrics and alarms in the query protocol, which SDKs of some years ago speak: `POST /` with a form as its body, XML
 * as the answer. The operation is a field of the form, so access is decided when the body is there.
 */
import type { EncodedError, Exchange, FrontEnd, Route } from '../http/exchange.js';
import {
  type ServedOperation,
  ServiceCalls,
  type ServiceCallsParts,
} from '../service-model/service-calls.js';
import { monitoringService } from './coverage.js';
import { errorHeaders, monitoringError } from './errors.js';
import { plainBody } from './plain-body.js';
import { queryInput, queryScalars, xmlElements, xmlText } from './query.js';

/** The largest operation is PutMetricData with a thousand data. */
const formBytesMax = 1024 * 1024;
const formType = 'application/x-www-form-urlencoded';
const namespace = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
const xmlType = 'text/xml';

export function createCloudWatchQueryFrontEnd(parts: ServiceCallsParts): FrontEnd {
  const calls = new ServiceCalls('CloudWatch', monitoringService, parts);
  const forms = new WeakMap<Exchange, URLSearchParams>();
  /** The form of a call, unpacked and read when it is asked for first. */
  const formOf = (exchange: Exchange) => {
    let form = forms.get(exchange);
    if (form === undefined) forms.set(exchange, (form = readForm(exchange)));
    return form;
  };
  const route: Route = {
    action: 'cloudwatch:Unknown',
    actionOf: (exchange) => `cloudwatch:${calls.operation(actionField(formOf(exchange))).name}`,
    bodyBytesMax: formBytesMax,
    handle: (exchange) => answer(calls, exchange, formOf(exchange)),
  };
  return {
    name: 'cloudwatch-query',
    encodeError,
    route: (method, path, headers) => {
      const isForm = headers['content-type']?.includes(formType) === true;
      return method === 'POST' && path === '/' && isForm ? route : undefined;
    },
  };
}

function readForm(exchange: Exchange): URLSearchParams {
  return new URLSearchParams(plainBody(exchange, formBytesMax).toString('utf8'));
}

function actionField(form: URLSearchParams): string {
  return form.get('Action') ?? '';
}

function answer(calls: ServiceCalls, exchange: Exchange, form: URLSearchParams): void {
  const operation = calls.operation(actionField(form));
  const input = queryInput(operation.codec.input, form);
  const output = calls.run(operation, exchange, input, queryScalars);
  const { name } = operation;
  const text =
    `<${name}Response xmlns="${namespace}">${resultOf(operation, output)}<ResponseMetadata>` +
    `<RequestId>${xmlText(exchange.id)}</RequestId></ResponseMetadata></${name}Response>`;
  exchange.respond(200, { 'content-type': xmlType, 'x-amzn-RequestId': exchange.id }, text);
}

function resultOf({ name }: ServedOperation, output: Readonly<Record<string, unknown>> | null): string {
  if (output === null) return '';
  const wrapper = monitoringService.model.operations[name]?.output?.resultWrapper ?? `${name}Result`;
  return `<${wrapper}>${xmlElements(output)}</${wrapper}>`;
}

function encodeError(thrown: unknown, requestId: string): EncodedError {
  const error = monitoringError(thrown);
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const { queryCode: Code, message: Message } = error;
  const body =
    `<ErrorResponse xmlns="${namespace}">` +
    `<Error>${xmlElements({ Type: type, Code, Message })}</Error>` +
    `<RequestId>${xmlText(requestId)}</RequestId></ErrorResponse>`;
  return {
    status: error.status,
    headers: { 'content-type': xmlType, ...errorHeaders(error, requestId) },
    body,
  };
}
