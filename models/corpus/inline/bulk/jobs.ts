/** Jobs and doors: batches, queueables, invocable methods, options of picklists, requests to other systems. */
import { pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { constantName } from '../constant-names.js';
import { lines, literal, loop, when } from './base.js';
import { apexType, variableOf, type Member } from '../part.js';

/** A batch whose constants and counters are used by start, execute and finish. */
export const constantBatch: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.settable(1, ['picklist', 'checkbox'])[0];
  if (field === undefined) return null;
  const value = literal(part, field);
  const isText = field.type === 'picklist';
  const constant =
    constantName(
      ...part.pick(['new', field.label], [value.slice(1, -1) || 'target'], ['target', field.label]),
    ) || 'TARGET';
  const ref = isText ? constant : value;
  const bc = part.pick('bc', 'context', 'ctx', 'batchContext');
  const scope = part.pick('scope', 'chunk', 'records', names.many);
  const counter = part.pick('processed', 'changedCount', 'done', 'total');
  const isStateful = part.random.chance(0.6);
  const another = part.random.chance(0.35)
    ? `${thing.className}${part.pick('CleanupBatch', 'ReportBatch', 'NotifyBatch')}`
    : '';
  const size = constantName(part.pick('batch size', 'chunk size', 'scope size'));
  const counted = isStateful
    ? part.pick(`${counter} += ${scope}.size();`, `${free('')}this.${counter} += ${scope}.size();`)
    : '';
  const heads = lines(
    isText ? `private static final String ${seen(constant)} = ${free(value)};` : '',
    another === ''
      ? ''
      : `private static final Integer ${seen(size)} = ${free(String(part.pick(20, 50, 100, 200)))};`,
    isStateful ? `private Integer ${seen(counter)} = ${free('')}0;` : '',
  );
  return `${heads}${heads === '' ? '' : '\n\n'}${apex`
    ${style.access} Database.QueryLocator start(Database.BatchableContext ${seen(bc)}) {
        return Database.getQueryLocator([SELECT Id, ${seen(field.api)} FROM ${thing.api} WHERE ${field.api} != ${isText ? ':' : ''}${ref}]);
    }

    ${part.comment(`sets the ${field.label} of every ${thing.label} in the ${scope}, then saves the ${scope}`)}
    ${style.access} void execute(Database.BatchableContext ${bc}, List<${thing.api}> ${seen(scope)}) {
        ${loop(thing.api, names.one, scope, `${names.one}.${field.api} = ${ref};`)}
        update ${scope};
        ${counted}
    }

    ${style.access} void finish(Database.BatchableContext ${bc}) {
        ${isStateful ? `${free('')}${part.log(`${free(`'${thing.plural}: '`)} + ${counter}`)}` : ''}
        ${another === '' ? '' : `${free('')}Database.executeBatch(new ${free(another)}(), ${size});`}
        ${!isStateful && another === '' ? part.log(free(`'${part.className} is done'`)) : ''}
    }
  `}`;
};

/** A queueable that takes ids and a value, and enqueues itself while something is left. */
export const chainedQueueable: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.settable(1, ['picklist', 'date', 'currency', 'text'])[0];
  if (field === undefined) return null;
  const name = part.pick(variableOf(field, part), `new${pascalCase(field.label)}`, 'value');
  if ([names.one, names.many, names.ids].includes(name)) return null;
  const chained = part.random.chance(0.5);
  const limit = constantName(part.pick('chunk size', 'max records', 'records per job'));
  const rest = part.pick('rest', 'remaining', 'left', 'open');
  const kind = part.pick('private', 'private final');
  const now = part.pick('now', 'current', 'chunk', 'first');
  const context = part.pick('context', 'qc', 'ctx');
  const split = lines(
    `List<Id> ${seen(now)} = new List<Id>();`,
    `List<Id> ${seen(rest)} = new List<Id>();`,
    loop(
      'Id',
      'oneId',
      names.ids,
      `if (${now}.size() < ${limit}) {\n    ${now}.add(oneId);\n} else {\n    ${rest}.add(oneId);\n}`,
    ),
  );
  const ids = chained ? now : names.ids;
  return apex`
    ${chained ? `private static final Integer ${seen(limit)} = ${free(String(part.pick(50, 100, 500)))};\n` : ''}
    ${kind} ${free(`List<Id> ${names.ids}`)};
    ${kind} ${free(`${apexType(field)} ${name}`)};

    public ${part.className}(List<Id> ${names.ids}, ${apexType(field)} ${name}) {
        this.${names.ids} = ${names.ids};
        this.${name} = ${name};
    }

    ${style.access} void execute(QueueableContext ${free(context)}) {
        ${chained ? `${free('')}${split}` : ''}
        List<${thing.api}> ${names.newMany} = [SELECT Id, ${seen(field.api)} FROM ${thing.api} WHERE Id IN :${ids}];
        ${loop(thing.api, names.one, names.many, `${names.one}.${field.api} = ${name};`)}
        update ${names.many};
        ${chained ? when(`!${rest}.isEmpty()`, `System.enqueueJob(new ${part.className}(${rest}, ${name}));`) : ''}
    }
  `;
};

/** An invocable method that takes requests and gives as many results. */
export const invocableAction: Member = (part) => {
  const { thing } = part;
  const fields = part.settable(2, ['currency', 'date', 'text']);
  const first = fields[0];
  if (first === undefined || !part.style.access.startsWith('p')) return null;
  const [request, result] = part.pick(['Request', 'Result'], ['Input', 'Output'], ['Query', 'Answer']) as [
    string,
    string,
  ];
  const [one, answer, all, answers] = part.pick(
    ['req', 'res', 'requests', 'results'],
    ['input', 'output', 'inputs', 'outputs'],
    ['request', 'answer', 'requests', 'answers'],
  ) as [string, string, string, string];
  const base = variableOf(first, part);
  const step =
    first.type === 'currency' ? 'Decimal factor' : first.type === 'date' ? 'Integer days' : 'String suffix';
  const word = step.split(' ')[1]!;
  const [made, value] =
    first.type === 'currency'
      ? [`new${pascalCase(base)}`, `${one}.${base} * ${one}.${word}`]
      : first.type === 'date'
        ? [`later${pascalCase(base)}`, `${one}.${base}.addDays(${one}.${word})`]
        : [`full${pascalCase(base)}`, `${one}.${base} + ${one}.${word}`];
  const said =
    first.type === 'currency'
      ? `the ${first.label} times the factor`
      : first.type === 'date'
        ? `the ${first.label} plus the days`
        : `the ${first.label} followed by the suffix`;
  return apex`
    public class ${free(request)} {
        @InvocableVariable(required=true)
        public ${apexType(first)} ${seen(base)};
        @InvocableVariable(required=true)
        public ${step.replace(word, seen(word))};
    }

    public class ${free(result)} {
        @InvocableVariable
        public ${apexType(first)} ${seen(made)};
    }

    @InvocableMethod(label=${free(`'Compute ${first.label} of ${thing.label}'`)} description=${free(`'${said}'`)})
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

/** Options of a picklist in a class of their own; a second picklist in the same way. */
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
  return lines(
    `${apex`
    public class ${free(type)} {
        @AuraEnabled public String label;
        @AuraEnabled public String value;
        ${isMade ? `\npublic ${type}(String label, String value) {\n    this.label = label;\n    this.value = value;\n}` : ''}
    }
  `}\n\n${fields.map(({ api, label }) => method(api, label)).join('\n\n')}`,
  );
};

/** A client whose methods check the status and throw an exception of the class. */
export const checkedClient: Member = (part) => {
  const { thing } = part;
  const error = `${part.pick(thing.className, 'Callout', 'Request', 'Remote')}${part.pick('FailedException', 'ClientException', 'Failure', 'Error').replace(/(Failure|Error)$/, '$1Exception')}`;
  const [request, response] = part.pick(
    ['request', 'response'],
    ['req', 'res'],
    ['httpRequest', 'httpResponse'],
  ) as [string, string];
  const endpoint = constantName(part.pick('endpoint', 'base url', 'service url'));
  const key = part.pick('key', 'code', 'externalId', 'number1', 'reference').replace('1', 'Text');
  const thrown = part.pick('getStatus', 'getStatus', 'getBody');
  const message = part.random.chance(0.5)
    ? `${response}.${thrown}()`
    : `${free("'The request failed: '")} + ${response}.${thrown}()`;
  const check = when(`${response}.getStatusCode() != 200`, `throw new ${error}(${message});`);
  const path = `'/${thing.plural.replace(/\s/g, '-')}/'`;
  const said = part.comment(
    `throws ${error} with the ${thrown === 'getBody' ? "response's body" : "response's status"} when the status code is not 200`,
  );
  const type = `${thing.className}Data`;
  const isTyped = part.random.chance(0.5);
  const fields = part.settable(2, ['text', 'currency', 'integer']);
  const inner = isTyped
    ? apex`

    public class ${free(type)} {
        ${fields.map((field) => `public ${free(`${apexType(field)} ${variableOf(field, part)}`)};`)}
    }
  `
    : '';
  const verbs = part.pick(['GET', 'DELETE'], ['GET'], ['GET', 'POST']);
  const method = (verb: string, index: number): string => apex`
    ${said}
    ${free(`public static ${verb === 'GET' ? (isTyped ? type : 'String') : 'void'} ${verb === 'GET' ? 'fetch' : verb === 'POST' ? 'send' : 'remove'}`)}(String ${seen(key)}${verb === 'POST' ? ', Object data' : ''}) {
        HttpRequest ${seen(request)} = new HttpRequest();
        ${request}.setEndpoint(${endpoint} + ${index === 0 ? free(path) : path} + ${key});
        ${request}.setMethod('${index === 0 || verb === 'POST' ? free(verb) : free(verb)}');
        ${verb === 'POST' ? `${request}.setBody(JSON.serialize(data));` : ''}
        HttpResponse ${seen(response)} = new Http().send(${request});
        ${check}
        ${verb === 'GET' ? (isTyped ? `return (${type}) JSON.deserialize(${response}.getBody(), ${type}.class);` : `return ${response}.getBody();`) : ''}
    }
  `;
  return lines(`private static final String ${seen(endpoint)} = ${free(`'callout:${pascalCase(unknownWord(part.random))}'`)};

public class ${free(error)} extends Exception {}${inner === '' ? '' : `\n\n${inner.replace(/^\n+/, '')}`}

${verbs.map((verb, index) => method(verb, index)).join('\n\n')}`);
};
