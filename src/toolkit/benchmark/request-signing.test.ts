import { expect, it } from 'vitest';
import { signatureHeaders } from './request-signing.js';

const request = {
  method: 'POST',
  host: '127.0.0.1:8080',
  path: '/endpoints/my%20point/invocations',
  headers: { 'content-type': 'application/json', 'x-amzn-sagemaker-inference-component': 'inline' },
  body: '{"inputs":"a é"}',
  at: Date.UTC(2026, 2, 4, 5, 6, 7),
};
const key = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-3',
};
const beginning =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260304/eu-west-3/sagemaker/aws4_request, SignedHeaders=';

// Both signatures were made by botocore 1.43.11 from the same request.
it('signs as botocore does', () => {
  expect(signatureHeaders(request, key)).toEqual({
    'x-amz-date': '20260304T050607Z',
    authorization: `${beginning}content-type;host;x-amz-date;x-amzn-sagemaker-inference-component, Signature=a5194fe637becefd858f8f5608c9d24146a7fe50c2be3bb7ae9869b9bc2e284f`,
  });
});

it('signs a session’s token as botocore does', () => {
  expect(signatureHeaders(request, { ...key, sessionToken: 'SESSION/TOKEN==' })).toEqual({
    'x-amz-date': '20260304T050607Z',
    'x-amz-security-token': 'SESSION/TOKEN==',
    authorization: `${beginning}content-type;host;x-amz-date;x-amz-security-token;x-amzn-sagemaker-inference-component, Signature=812b3f1cc6d892bf54f07e741e6420ca8fedaa7f77dbc0e7c322927b3fcb548b`,
  });
});
