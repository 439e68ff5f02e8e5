/** Actions for flows: requests and results, one result for each request, in their order. */
import { oneName, plainColumns } from '../columns.js';
import { pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, lines, literal, selected } from '../../bulk/base.js';
import { signature, type Member, type Part } from '../../part.js';
import { spaced, told } from '../../scope/words.js';

interface Words {
  readonly request: string;
  readonly result: string;
  readonly requests: string;
  readonly results: string;
  readonly req: string;
  readonly res: string;
  /** The annotation stands on the variable's line. */
  readonly isOnLine: boolean;
}

function drawWords(part: Part): Words {
  const [request, result] = part.pick(
    ['Request', 'Result'],
    ['Request', 'Result'],
    ['Request', 'Response'],
    ['Input', 'Output'],
    ['FlowInput', 'FlowOutput'],
  ) as [string, string];
  const [requests, req] = part.pick(
    ['requests', 'req'],
    ['requests', 'request'],
    ['inputs', 'input'],
    ['inputs', 'item'],
  ) as [string, string];
  const [results, res] = part.pick(
    ['results', 'res'],
    ['results', 'result'],
    ['responses', 'response'],
    ['outputs', 'output'],
  ) as [string, string];
  // A variable is not called like its class.
  return {
    request,
    result,
    requests,
    results,
    req: req === request.toLowerCase() ? 'req' : req,
    res: res === result.toLowerCase() ? 'res' : res,
    isOnLine: part.random.chance(0.3),
  };
}

function labelled({ isOnLine }: Words, name: string, declaration: string, required = false): string {
  const extra = required ? ' required=true' : '';
  const label = spaced(name);
  const text = `${label[0]!.toUpperCase()}${label.slice(1)}`;
  const annotation = `@InvocableVariable(label=${free(`'${text}'`)}${free(extra)})`;
  return isOnLine ? `${annotation} public ${declaration};` : `${annotation}\npublic ${declaration};`;
}

/** A computation: inputs, and each output with its sentence. */
interface Sum {
  readonly name: string;
  readonly inputs: readonly (readonly [type: string, name: string])[];
  readonly outputs: readonly (readonly [type: string, name: string, value: string, said: string])[];
}

/** Computations with days and dates. */
function dateSums(part: Part, at: (name: string) => string): readonly Sum[] {
  const days = part.pick('7', '14', '30', '3', '90');
  const [start, end] = part.pick(
    ['startDate', 'endDate'],
    ['fromDate', 'toDate'],
    ['arrival', 'departure'],
    ['openedOn', 'closedOn'],
  ) as [string, string];
  return [
    {
      name: 'addDays',
      inputs: [['Integer', 'days']],
      outputs: [
        [
          'Date',
          part.pick('reminderDate', 'dueDate', 'nextDate'),
          `Date.today().addDays(${at('days')})`,
          'so many days from today',
        ],
      ],
    },
    {
      name: 'daysBetween',
      inputs: [
        ['Date', start],
        ['Date', end],
      ],
      outputs: [
        [
          'Integer',
          part.pick('days', 'nights', 'duration'),
          `${at(start)}.daysBetween(${at(end)})`,
          `the days from ${start} to ${end}`,
        ],
        [
          'Boolean',
          part.pick('isLong', 'isLate'),
          `${at(start)}.daysBetween(${at(end)}) > ${days}`,
          `whether there are more than ${days} of them`,
        ],
      ],
    },
    { name: 'endOfMonth', inputs: [['Date', part.pick('day', 'startDate')]], outputs: [] },
  ];
}

/** Computations with amounts. */
function amountSums(part: Part, at: (name: string) => string): readonly Sum[] {
  const rate = part.pick('0.19', '0.2', '0.05', '0.1');
  const limit = part.pick('100', '500', '1000', '250');
  const [price, quantity] = part.pick(
    ['price', 'quantity'],
    ['unitPrice', 'pieces'],
    ['rate', 'hours'],
    ['fee', 'seats'],
  ) as [string, string];
  return [
    {
      name: 'computeTotal',
      inputs: [
        ['Decimal', price],
        ['Integer', quantity],
      ],
      outputs: [
        [
          'Decimal',
          part.pick('total', 'amount'),
          `${at(price)} * ${at(quantity)}`,
          `${price} times ${quantity}`,
        ],
        [
          'Boolean',
          part.pick('needsApproval', 'isLarge'),
          `${at(price)} * ${at(quantity)} > ${limit}`,
          `whether that is more than ${limit}`,
        ],
      ],
    },
    {
      name: 'addTax',
      inputs: [['Decimal', 'net']],
      outputs: [
        ['Decimal', 'tax', `${at('net')} * ${rate}`, `${rate} of the net amount`],
        ['Decimal', 'gross', `${at('net')} + ${at('net')} * ${rate}`, 'the net amount and the tax'],
      ],
    },
  ];
}

/** What is made of texts, or found in them. */
function textSums(part: Part, at: (name: string) => string): readonly Sum[] {
  const [first, last] = part.pick(
    ['firstName', 'lastName'],
    ['street', 'city'],
    ['prefix', 'code'],
    ['brand', 'model'],
  ) as [string, string];
  return [
    {
      name: 'joinTexts',
      inputs: [
        ['String', first],
        ['String', last],
      ],
      outputs: [
        [
          'String',
          part.pick('display', 'fullText', 'label'),
          `${at(first)} + ' ' + ${at(last)}`,
          `${first} and ${last} with a blank between them`,
        ],
      ],
    },
    {
      name: 'checkText',
      inputs: [['String', 'text']],
      outputs: [
        ['Boolean', 'isEmpty', `String.isBlank(${at('text')})`, 'whether there is no text'],
        [
          'Integer',
          'length',
          `${at('text')} == null ? 0 : ${at('text')}.length()`,
          'how many characters it has, none being 0',
        ],
      ],
    },
  ];
}

function drawSum(part: Part, req: string): Sum {
  const at = (name: string): string => `${req}.${name}`;
  return part.pick(...part.pick(dateSums, dateSums, amountSums, textSums)(part, at));
}

function completed(part: Part, sum: Sum, req: string): Sum {
  if (sum.outputs.length > 0) return sum;
  const day = `${req}.${sum.inputs[0]![1]}`;
  return {
    ...sum,
    outputs: [
      ['Date', part.pick('firstDay', 'monthStart'), `${day}.toStartOfMonth()`, 'the first day of the month'],
      [
        'Date',
        part.pick('lastDay', 'monthEnd'),
        `${day}.addMonths(1).toStartOfMonth().addDays(-1)`,
        'the last day of the month',
      ],
    ],
  };
}

/** A value or several for each request; a sentence says each. */
export const computingAction: Member = (part) => {
  const words = drawWords(part);
  const { request, result, requests, results, req, res } = words;
  const sum = completed(part, drawSum(part, req), req);
  const isSaid = part.random.chance(0.5);
  const sets = sum.outputs.map(([, name, value, said]) => {
    const set = `${res}.${name} = ${value};`;
    return isSaid ? `${part.comment(said)}\n${set}` : set;
  });
  const english = sum.outputs.map(([, , , said]) => said).join('; ');
  const guard = part.random.chance(0.2)
    ? `${free('')}${when(`${req}.${sum.inputs[0]![1]} == null`, `${results}.add(${res});`, 'continue;')}`
    : '';
  const method = apex`
    ${isSaid ? '' : told(part, english, [requests])}
    ${free(`@InvocableMethod(label='${sum.name.replace(/([A-Z])/g, ' $1').replace(/^./, (letter) => letter.toUpperCase())}')`)}
    ${signature('public static', `List<${result}>`, part.pick(sum.name, 'run', 'execute', 'invoke'))}(List<${request}> ${seen(requests)}) {
        List<${result}> ${seen(results)} = new List<${result}>();
        for (${request} ${seen(req)} : ${requests}) {
            ${result} ${seen(res)} = new ${result}();
            ${guard}
            ${sets}
            ${results}.add(${res});
        }
        return ${results};
    }
  `;
  const classes = [
    `public class ${seen(request)} {\n${indented(sum.inputs.map(([type, name]) => labelled(words, name, `${free(type)} ${seen(name)}`, part.random.chance(0.6))).join('\n'))}\n}`,
    `public class ${seen(result)} {\n${indented(sum.outputs.map(([type, name]) => labelled(words, name, `${free(type)} ${seen(name)}`)).join('\n'))}\n}`,
  ];
  return part.random.chance(0.65) ? joinedMembers(method, ...classes) : joinedMembers(...classes, method);
};

/** Records by the requests' ids, one query for all, and a result for each request in their order. */
export const lookingUpAction: Member = (part) => {
  const { thing, names } = part;
  const words = drawWords(part);
  const { request, result, requests, results, req, res } = words;
  const columns = plainColumns(part, 1, 3);
  const one = oneName(part, columns);
  const id = part.pick('recordId', `${thing.one.replace(/Record$/, '')}Id`);
  const { ids, map } = names;
  if (columns.length === 0 || new Set([requests, results, req, res, one, ids, map, id]).size < 8) return null;
  const found = part.pick('found', 'isFound', 'exists');
  const hasFlag = part.random.chance(0.4) && columns.every(({ name }) => name !== found);
  const sets = columns.map(({ name, source }) => `${res}.${name} = ${source(one)};`);
  const outputs = [
    ...columns.map(({ type, name }) => [type, name] as const),
    ...(hasFlag ? [['Boolean', found] as const] : []),
  ];
  const fill = part.random.chance(0.5)
    ? lines(
        `${thing.api} ${seen(one)} = ${map}.get(${req}.${id});`,
        hasFlag ? `${res}.${found} = ${one} != null;` : '',
        when(`${one} != null`, ...sets),
      )
    : `${free('')}${when(`${map}.containsKey(${req}.${id})`, `${thing.api} ${seen(one)} = ${map}.get(${req}.${id});`, ...sets, hasFlag ? `${res}.${found} = true;` : '')}`;
  const method = apex`
    ${told(part, `one query for all requests; the results are in the order of the requests`, [requests])}
    ${free(`@InvocableMethod(label='Get ${thing.label}')`)}
    ${signature('public static', `List<${result}>`, part.pick('lookUp', `get${pascalCase(thing.plural)}`, 'run', 'execute'))}(List<${request}> ${seen(requests)}) {
        Set<Id> ${names.newIds} = new Set<Id>();
        for (${request} ${seen(req)} : ${requests}) {
            ${ids}.add(${req}.${id});
        }
        Map<Id, ${thing.api}> ${names.newMap} = new Map<Id, ${thing.api}>([SELECT ${selected(columns.map(({ api }) => api))} FROM ${thing.api} WHERE Id IN :${ids}]);
        List<${result}> ${seen(results)} = new List<${result}>();
        for (${request} ${req} : ${requests}) {
            ${result} ${seen(res)} = new ${result}();
            ${fill}
            ${results}.add(${res});
        }
        return ${results};
    }
  `;
  const asking = `public class ${seen(request)} {\n${indented(labelled(words, `${thing.label} id`, `Id ${seen(id)}`, true))}\n}`;
  const answering = `public class ${seen(result)} {\n${indented(outputs.map(([type, name]) => labelled(words, name, `${free(type)} ${seen(name)}`)).join('\n'))}\n}`;
  return joinedMembers(method, asking, answering);
};

/** Sets a field of the records that a flow hands over, or makes a record of each request. */
export const writingAction: Member = (part) => {
  const { thing, names } = part;
  const [field] = part.settable(1, ['picklist', 'checkbox', 'date', 'datetime']);
  if (field === undefined) return null;
  const value = literal(part, field);
  const id = part.pick('recordId', 'oneId', 'rid');
  const list = part.pick('updates', 'toUpdate', names.many);
  if ([id, list].includes(names.ids) || id === list) return null;
  const make = part.random.chance(0.5);
  const given = `new ${thing.api}(Id = ${id}, ${field.api} = ${value})`;
  return apex`
    ${told(part, `sets ${field.label} of each ${thing.label} to ${value}`, [names.ids])}
    ${free(`@InvocableMethod(label='Set ${field.label}' description='Called by a flow')`)}
    ${signature('public static', 'void', part.pick('run', 'execute', `mark${pascalCase(thing.plural)}`))}(List<Id> ${names.newIds}) {
        List<${thing.api}> ${seen(list)} = new List<${thing.api}>();
        for (Id ${seen(id)} : ${names.ids}) {
            ${make ? `${list}.add(${given});` : lines(`${free('')}${thing.api} ${seen('changed')} = ${given};`, `${list}.add(changed);`)}
        }
        ${part.random.chance(0.6) ? `update ${list};` : `${free('')}${when(`!${list}.isEmpty()`, `update ${list};`)}`}
    }
  `;
};

/** A record for each request, written at once; the results say which ids they have. */
export const creatingAction: Member = (part) => {
  const { thing, names } = part;
  const words = drawWords(part);
  const { request, result, requests, results, req, res } = words;
  const columns = plainColumns(part, 2, 4, true);
  const list = part.pick('toInsert', 'created', names.many);
  const one = oneName(part, columns);
  if (columns.length < 2 || new Set([requests, results, req, res, list, one]).size < 6) return null;
  const values = columns.map(({ api, name }) => `${api} = ${req}.${name}`);
  const add =
    values.length > 2
      ? `${list}.add(new ${thing.api}(\n${indented(values.join(',\n'))}\n));`
      : `${list}.add(new ${thing.api}(${values.join(', ')}));`;
  const method = apex`
    ${told(part, `makes a ${thing.label} for each of the ${requests} and returns the ids in the same order`, [requests])}
    ${free(`@InvocableMethod(label='Create ${thing.plural}')`)}
    ${signature('public static', `List<${result}>`, part.pick('create', `create${pascalCase(thing.plural)}`, 'run'))}(List<${request}> ${seen(requests)}) {
        List<${thing.api}> ${seen(list)} = new List<${thing.api}>();
        for (${request} ${seen(req)} : ${requests}) {
            ${add}
        }
        insert ${list};
        List<${result}> ${seen(results)} = new List<${result}>();
        for (${thing.api} ${seen(one)} : ${list}) {
            ${result} ${seen(res)} = new ${result}();
            ${res}.recordId = ${one}.Id;
            ${results}.add(${res});
        }
        return ${results};
    }
  `;
  const asking = `public class ${seen(request)} {\n${indented(columns.map(({ type, name }) => labelled(words, name, `${free(type)} ${seen(name)}`)).join('\n'))}\n}`;
  const answering = `public class ${seen(result)} {\n${indented(labelled(words, 'record id', `Id ${seen('recordId')}`))}\n}`;
  return joinedMembers(method, asking, answering);
};
