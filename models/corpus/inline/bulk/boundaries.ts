/** What other systems and pages call: invocable methods, options of picklists, clients. */
import type { FieldType } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import { apexType, variableOf, type Member } from '../part.js';
import { joinedMembers, lines } from './base.js';

/** What an action computes of a value and what it is given for it. */
interface Computation {
  readonly given: string;
  readonly givenType: string;
  /** What the result's name begins with. */
  readonly prefix: string;
  readonly apply: (value: string, given: string) => string;
  readonly said: string;
}

const computations: Readonly<Partial<Record<FieldType, Computation>>> = {
  currency: {
    given: 'factor',
    givenType: 'Decimal',
    prefix: 'new',
    apply: (value, factor) => `${value} * ${factor}`,
    said: 'times the factor',
  },
  date: {
    given: 'days',
    givenType: 'Integer',
    prefix: 'later',
    apply: (value, days) => `${value}.addDays(${days})`,
    said: 'plus the days',
  },
  text: {
    given: 'suffix',
    givenType: 'String',
    prefix: 'full',
    apply: (value, suffix) => `${value} + ${suffix}`,
    said: 'followed by the suffix',
  },
};

/** An invocable method that takes requests and gives as many results. */
export const invocableAction: Member = (part) => {
  const { thing } = part;
  const field = part.settable(2, ['currency', 'date', 'text'])[0];
  const computation = field === undefined ? undefined : computations[field.type];
  if (field === undefined || computation === undefined || part.style.access !== 'public') return null;
  const [request, result] = part.pick(['Request', 'Result'], ['Input', 'Output'], ['Query', 'Answer']) as [
    string,
    string,
  ];
  const [one, answer, all, answers] = part.pick(
    ['req', 'res', 'requests', 'results'],
    ['input', 'output', 'inputs', 'outputs'],
    ['request', 'answer', 'requests', 'answers'],
  ) as [string, string, string, string];
  const base = variableOf(field, part);
  const { given, givenType, prefix } = computation;
  const made = `${prefix}${pascalCase(base)}`;
  const value = computation.apply(`${one}.${base}`, `${one}.${given}`);
  const said = `the ${field.label} ${computation.said}`;
  return apex`
    public class ${free(request)} {
        @InvocableVariable(required=true)
        public ${apexType(field)} ${seen(base)};
        @InvocableVariable(required=true)
        public ${givenType} ${seen(given)};
    }

    public class ${free(result)} {
        @InvocableVariable
        public ${apexType(field)} ${seen(made)};
    }

    @InvocableMethod(label=${free(`'Compute ${field.label} of ${thing.label}'`)} description=${free(`'${said}'`)})
    ${free(`public static List<${result}> ${part.pick('run', 'compute', 'invoke', 'calculate')}`)}(List<${request}> ${seen(all)}) {
        List<${result}> ${seen(answers)} = new List<${result}>();
        for (${request} ${seen(one)} : ${all}) {
            ${result} ${seen(answer)} = new ${result}();
            ${answer}.${made} = ${value};
            ${answers}.add(${answer});
        }
        return ${answers};
    }
  `;
};

/** The options of a picklist in a class of their own; those of a second picklist in the same way. */
export const picklistOptions: Member = (part) => {
  const { thing } = part;
  const fields = part.fields(2, ['picklist']);
  if (fields.length === 0) return null;
  const type = part.pick('Option', 'Choice', 'SelectItem', 'Entry');
  const options = part.pick('options', 'choices', 'items', 'entries');
  const entry = part.pick('entry', 'ple', 'picklistEntry', 'value');
  const isMade = part.random.chance(0.6);
  const checked = part.random.chance(0.6);
  const one = part.pick('option', 'choice', 'item');
  const make = isMade
    ? `${options}.add(new ${type}(${entry}.getLabel(), ${entry}.getValue()));`
    : lines(
        `${type} ${seen(one)} = new ${type}();`,
        `${one}.label = ${entry}.getLabel();`,
        `${one}.value = ${entry}.getValue();`,
        `${options}.add(${one});`,
      );
  const method = (api: string, label: string): string => apex`
    @AuraEnabled(cacheable=true)
    ${free(`public static List<${type}> get${pascalCase(label)}${part.pick('Options', 'Values', 'Choices')}()`)} {
        List<${type}> ${seen(options)} = new List<${type}>();
        for (Schema.PicklistEntry ${seen(entry)} : ${thing.api}.${api}.getDescribe().getPicklistValues()) {
            ${checked ? lines(part.comment('active ones only'), when(`${entry}.isActive()`, make)) : make}
        }
        return ${options};
    }
  `;
  const inner = apex`
    public class ${free(type)} {
        @AuraEnabled public String label;
        @AuraEnabled public String value;
        ${isMade ? `\npublic ${type}(String label, String value) {\n    this.label = label;\n    this.value = value;\n}` : ''}
    }
  `;
  return joinedMembers(inner, ...fields.map(({ api, label }) => method(api, label)));
};

/** What a client's methods are called, by the request that they send. */
const clientMethods = { GET: 'fetch', POST: 'send', DELETE: 'remove' } as const;

type Verb = keyof typeof clientMethods;

/** A client whose methods check the status and throw an exception of the class. */
export const checkedClient: Member = (part) => {
  const { thing } = part;
  const error =
    part.pick(thing.className, 'Callout', 'Request', 'Remote') +
    part.pick('FailedException', 'ClientException', 'FailureException', 'ErrorException');
  const [request, response] = part.pick(
    ['request', 'response'],
    ['req', 'res'],
    ['httpRequest', 'httpResponse'],
  ) as [string, string];
  const endpoint = constantName(part.pick('endpoint', 'base url', 'service url'));
  const key = part.pick('key', 'code', 'externalId', 'numberText', 'reference');
  const thrown = part.pick('getStatus', 'getStatus', 'getBody');
  const message = part.random.chance(0.5)
    ? `${response}.${thrown}()`
    : `${free("'The request failed: '")} + ${response}.${thrown}()`;
  const check = when(`${response}.getStatusCode() != 200`, `throw new ${error}(${message});`);
  const path = `'/${thing.plural.replace(/\s/g, '-')}/'`;
  const said = part.comment(
    `throws ${error} with the response's ${thrown === 'getBody' ? 'body' : 'status'} when the status code is not 200`,
  );
  const isTyped = part.random.chance(0.5);
  const type = isTyped ? `${thing.className}Data` : 'String';
  const fields = part.settable(2, ['text', 'currency', 'integer']);
  const inner = apex`
    public class ${free(type)} {
        ${fields.map((field) => `public ${free(`${apexType(field)} ${variableOf(field, part)}`)};`)}
    }
  `;
  const answer = isTyped
    ? `return (${type}) JSON.deserialize(${response}.getBody(), ${type}.class);`
    : `return ${response}.getBody();`;
  const verbs = part.pick<readonly Verb[]>(['GET', 'DELETE'], ['GET'], ['GET', 'POST']);
  const method = (verb: Verb, index: number): string => {
    const head = free(`public static ${verb === 'GET' ? type : 'void'} ${clientMethods[verb]}`);
    return apex`
      ${said}
      ${head}(String ${seen(key)}${verb === 'POST' ? ', Object data' : ''}) {
          HttpRequest ${seen(request)} = new HttpRequest();
          ${request}.setEndpoint(${endpoint} + ${index === 0 ? free(path) : path} + ${key});
          ${request}.setMethod('${free(verb)}');
          ${verb === 'POST' ? `${request}.setBody(JSON.serialize(data));` : ''}
          HttpResponse ${seen(response)} = new Http().send(${request});
          ${check}
          ${verb === 'GET' ? answer : ''}
      }
    `;
  };
  return joinedMembers(
    `private static final String ${seen(endpoint)} = ${free(`'callout:${pascalCase(unknownWord(part.random))}'`)};`,
    `public class ${free(error)} extends Exception {}`,
    isTyped ? inner : '',
    ...verbs.map(method),
  );
};
