/** What `stowage serve` prints to paste: a call of each component, with the clients people have. Pure. */
import type { ExampleCall } from '../../api/configuration/reading.js';

/** What is called. */
export interface CalledComponent {
  readonly endpoint: string;
  readonly name: string;
}

export interface ExampleFacts {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** What the AWS SDK signs for. */
  readonly region?: string;
  /** The data folder as a shell here would name it. */
  readonly folder: string;
  readonly components: readonly CalledComponent[];
  /** By `endpoint/name`. */
  readonly examples: ReadonlyMap<string, ExampleCall>;
}

export interface PasteBlock {
  readonly title: string;
  /** A command line for a POSIX shell. */
  readonly command: string;
}

/** One curl per component, then the OpenAI client and the AWS SDK on the first. */
export function pasteBlocks(facts: ExampleFacts): PasteBlock[] {
  const first = facts.components[0];
  return [
    ...facts.components.map((component) => ({
      title: `${component.endpoint}/${component.name} with curl`,
      command: curl(component, facts),
    })),
    ...(first === undefined
      ? []
      : [
          { title: `${first.name} with the OpenAI client`, command: openAiClient(first, facts) },
          { title: `${first.name} with the AWS SDK`, command: awsSdk(first, facts) },
        ]),
  ];
}

function curl(component: CalledComponent, facts: ExampleFacts): string {
  const body = {
    model: modelName(component, facts),
    ...callOf(component, facts),
    max_tokens: 200,
    stream: true,
  };
  return [
    `curl -N ${facts.url}/v1/completions \\`,
    `  -H "Authorization: Bearer $(cat ${shellWord(`${facts.folder}/api-key`)})" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${shellWord(JSON.stringify(body))}`,
  ].join('\n');
}

function openAiClient(component: CalledComponent, facts: ExampleFacts): string {
  const call = {
    model: modelName(component, facts),
    ...callOf(component, facts),
    max_tokens: 200,
    stream: true,
  };
  const script = [
    `import OpenAI from "openai";`,
    `const client = new OpenAI({ baseURL: "${facts.url}/v1" });`,
    `const stream = await client.completions.create(${JSON.stringify(call)});`,
    `for await (const part of stream) process.stdout.write(part.choices[0]?.text ?? "");`,
  ];
  return [
    `OPENAI_API_KEY="$(cat ${shellWord(`${facts.folder}/api-key`)})" \\`,
    `  node --input-type=module -e ${shellWord(script.join('\n'))}`,
  ].join('\n');
}

function awsSdk(component: CalledComponent, facts: ExampleFacts): string {
  const { prompt, suffix } = callOf(component, facts);
  const body = {
    inputs: prompt,
    ...(suffix === undefined ? {} : { suffix }),
    parameters: { max_new_tokens: 200 },
    stream: true,
  };
  const input = {
    EndpointName: component.endpoint,
    InferenceComponentName: component.name,
    ContentType: 'application/json',
  };
  const script = [
    `import { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";`,
    `const client = new SageMakerRuntimeClient({ endpoint: "${facts.url}", region: "${facts.region ?? 'us-east-1'}" });`,
    `const input = ${JSON.stringify(input)};`,
    `const Body = JSON.stringify(${JSON.stringify(body)});`,
    `const answer = await client.send(new InvokeEndpointWithResponseStreamCommand({ ...input, Body }));`,
    `for await (const event of answer.Body) process.stdout.write(event.PayloadPart?.Bytes ?? "");`,
  ];
  return [
    `AWS_SHARED_CREDENTIALS_FILE=${shellWord(`${facts.folder}/credentials`)} \\`,
    `  node --input-type=module -e ${shellWord(script.join('\n'))}`,
  ].join('\n');
}

/** The component's name alone where that is enough. */
function modelName(component: CalledComponent, { components }: ExampleFacts): string {
  const isUnique = components.filter(({ name }) => name === component.name).length === 1;
  return isUnique ? component.name : `${component.endpoint}/${component.name}`;
}

function callOf(
  component: CalledComponent,
  { examples }: ExampleFacts,
): { prompt: string; suffix?: string; temperature: number } {
  const example = examples.get(`${component.endpoint}/${component.name}`);
  if (example === undefined) return { prompt: 'Hello', temperature: 0 };
  const suffix = example.suffix === null ? {} : { suffix: example.suffix };
  return { prompt: example.prompt, ...suffix, temperature: 0 };
}

/** One word of a POSIX shell, quoted only where it must be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
