/** Methods that decide and compute: ladders, switches, maps of constants, small tools. */
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import { apexType, signature, variableOf, type Member, type Part } from './part.js';

/** A constant for each of a picklist's values, chosen by a switch, a ladder or a map. */
export const mapping: Member = (part) => {
  const { style } = part;
  const field = part.fields(9, ['picklist']).find((one) => one.values.length >= 3);
  if (field === undefined) return null;
  const values = field.values.slice(0, part.random.integer(3, 5));
  const variable = variableOf(field, part);
  const [name, type, answers] = drawAnswers(part, values.length);
  const method = `get${pascalCase(name)}`;
  const otherwise = type === 'Integer' ? part.pick('0', '-1') : part.pick("'Other'", "'Unknown'", 'null');
  const head = apex`
    ${part.doc(`the ${name} for a ${field.label}`, [variable])}
    ${signature(`${style.access} static`, type, method)}(String ${seen(variable)}) {
  `;
  switch (part.pick('switch', 'ladder', 'map', 'variable')) {
    case 'switch': {
      const cases = values.map(
        (value, index) =>
          `        when ${free(`'${value}'`)} {\n            return ${free(answers[index]!)};\n        }`,
      );
      return `${head}\n    switch on ${variable} {\n${cases.join('\n')}\n        when else {\n            return ${free(otherwise)};\n        }\n    }\n}`;
    }
    case 'ladder': {
      const ladder = values.map(
        (value, index) =>
          `    ${index === 0 ? 'if' : '} else if'} (${variable} == ${free(`'${value}'`)}) {\n        return ${free(answers[index]!)};`,
      );
      return `${head}\n${ladder.join('\n')}\n    }\n    return ${free(otherwise)};\n}`;
    }
    case 'map': {
      const constant = part.pick(
        `${name.toUpperCase()}_BY_${field.label.toUpperCase().replace(/\W+/g, '_')}`,
        `${name.toUpperCase()}_MAP`,
      );
      const entries = values
        .map((value, index) => `    ${free(`'${value}'`)} => ${free(answers[index]!)}`)
        .join(',\n');
      return `private static final Map<String, ${type}> ${seen(constant)} = new Map<String, ${type}>{\n${entries}\n};\n\n${head}\n    if (!${constant}.containsKey(${variable})) {\n        return ${free(otherwise)};\n    }\n    return ${constant}.get(${variable});\n}`;
    }
    case 'variable': {
      const result = part.style.result;
      const ladder = values.map(
        (value, index) =>
          `    ${index === 0 ? 'if' : '} else if'} (${variable} == ${free(`'${value}'`)}) {\n        ${result} = ${free(answers[index]!)};`,
      );
      return `${head}\n    ${type} ${seen(result)} = ${free(otherwise)};\n${ladder.join('\n')}\n    }\n    return ${result};\n}`;
    }
  }
};

function drawAnswers(part: Part, count: number): [name: string, type: string, answers: readonly string[]] {
  const numbers = part
    .pick([1, 2, 3, 4, 5], [10, 20, 30, 40, 50], [5, 4, 3, 2, 1], [100, 200, 300, 400, 500])
    .slice(0, count)
    .map(String);
  const words = part
    .pick(
      ['red', 'orange', 'yellow', 'green', 'blue'],
      ['critical', 'high', 'medium', 'low', 'none'],
      ['A', 'B', 'C', 'D', 'E'],
    )
    .map((word) => `'${word}'`);
  return part.random.chance(0.5)
    ? [part.pick('rank', 'weight', 'score', 'points', 'level'), 'Integer', numbers]
    : [part.pick('color', 'label', 'icon', 'badge', 'code'), 'String', words];
}

/** Adds up, averages, finds the greatest. */
export const summing: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.field(['currency']);
  if (field === null) return null;
  const total = part.pick('total', 'sum', `total${pascalCase(field.label)}`);
  const isGuarded = part.random.chance(0.5);
  const access = `${names.one}.${field.api}`;
  const isAverage = part.random.chance(0.3);
  return apex`
    ${part.doc(`${isAverage ? 'averages' : 'adds up'} the ${field.label} of ${thing.plural}`, [names.many], 'a number')}
    ${signature(`${style.access} static`, 'Decimal', isAverage ? `average${pascalCase(field.label)}` : `sum${pascalCase(field.label)}`)}(List<${thing.api}> ${names.newMany}) {
        ${isAverage ? `if (${names.many}.isEmpty()) {\n    return 0;\n}` : ''}
        Decimal ${seen(total)} = 0;
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${isGuarded ? `${free('')}if (${access} != null) {\n    ${total} += ${access};\n}` : `${total} += ${access};`}
        }
        return ${total}${isAverage ? ` / ${names.many}.size()` : ''};
    }
  `;
};

/** Keeps those that pass a test. */
export const filtering: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.field(['picklist', 'currency', 'checkbox', 'date', 'email']);
  if (field === null) return null;
  const access = `${names.one}.${field.api}`;
  const value = variableOf(field, part);
  const [name, parameter, test] =
    field.type === 'currency'
      ? ([
          `filterAbove${pascalCase(field.label)}`,
          `, Decimal minimum`,
          `${access} ${free('')}${part.pick('>', '>=')} minimum`,
        ] as const)
      : field.type === 'checkbox'
        ? ([`filter${pascalCase(field.label)}`, '', access] as const)
        : field.type === 'email'
          ? ([
              `filterWith${pascalCase(field.label)}`,
              '',
              part.pick(`String.isNotBlank(${access})`, `${access} != null`),
            ] as const)
          : ([
              `filterBy${pascalCase(field.label)}`,
              `, ${apexType(field)} ${value}`,
              `${access} == ${value}`,
            ] as const);
  const kept = part.pick('filtered', 'matching', 'kept', part.style.result);
  return apex`
    ${part.doc(`keeps the ${thing.plural} that match`, [names.many])}
    ${signature(`${style.access} static`, `List<${thing.api}>`, name)}(List<${thing.api}> ${names.newMany}${parameter === '' ? '' : `, ${seen(parameter.slice(2))}`}) {
        List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            if (${test}) {
                ${kept}.add(${names.one});
            }
        }
        return ${kept};
    }
  `;
};

/** Values of one field, of all records. */
export const collecting: Member = (part) => {
  const { thing, names, style } = part;
  const field = part.field(['text', 'picklist', 'email', 'reference', 'date']);
  if (field === null) return null;
  const type = apexType(field);
  const values = part.pick('values', `${variableOf(field, part)}s`, part.style.result);
  const access = `${names.one}.${field.api}`;
  const collection = part.pick('Set', 'List');
  return apex`
    ${part.doc(`collects the ${field.label} of each ${thing.label}`, [names.many])}
    ${signature(`${style.access} static`, `${collection}<${type}>`, part.pick(`get${pascalCase(field.api)}s`, `collect${pascalCase(field.api)}s`, `extract${pascalCase(field.api)}s`))}(List<${thing.api}> ${names.newMany}) {
        ${collection}<${type}> ${seen(values)} = new ${collection}<${type}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${
              part.random.chance(0.5)
                ? `${values}.add(${access});`
                : apex`
              ${free('')}if (${access} != null) {
                  ${values}.add(${access});
              }
            `
            }
        }
        return ${values};
    }
  `;
};

/** The one instance of a class. */
export const singleton: Member = (part) => {
  const name = part.pick('instance', 'theInstance');
  return apex`
    private static ${part.className} ${seen(name)};

    ${part.doc('the only instance')}
    public static ${part.className} getInstance() {
        if (${name} == null) {
            ${name} = new ${part.className}();
        }
        return ${name};
    }
  `;
};

/** A property that is worked out when it is first asked for. */
export const lazy: Member = (part) => {
  const { thing, names } = part;
  const list = ['Id', seen(thing.nameField)].join(', ');
  return apex`
    ${part.pick('private', 'public', 'public static')} List<${thing.api}> ${free(names.many)} {
        get {
            if (${names.many} == null) {
                ${names.many} = [SELECT ${list} FROM ${thing.api}${free(` LIMIT ${part.pick(10, 50, 100)}`)}];
            }
            return ${names.many};
        }
        ${free('')}${part.pick('set;', 'private set;')}
    }
  `;
};

/** Tools that know no object. */
export const tool: Member = (part) => {
  const access = `${part.style.access} static`;
  const made = part.random.pick(tools);
  return `${documentedTool(part, made.said)}${free(`${access} ${made.head}`)} {\n${made.body.map((line) => `    ${line}`).join('\n')}\n}`;
};

function documentedTool(part: Part, said: string): string {
  const doc = part.doc(said);
  return doc === '' ? `${part.comment(said)}\n` : `${doc}\n`;
}

const tools: readonly { readonly said: string; readonly head: string; readonly body: readonly string[] }[] = [
  {
    said: 'returns the text, or a default when it is blank',
    head: 'String defaultIfBlank(String value, String fallback)',
    body: ['return String.isBlank(value) ? fallback : value;'],
  },
  {
    said: 'joins the names with a comma',
    head: 'String joinNames(List<String> names)',
    body: ["return String.join(names, ', ');"],
  },
  {
    said: 'returns null when the text is blank',
    head: 'String nullIfBlank(String value)',
    body: ['if (String.isBlank(value)) {', '    return null;', '}', 'return value;'],
  },
  {
    said: 'is the date on a weekend?',
    head: 'Boolean isWeekend(Date day)',
    body: [
      "String name = ((Datetime) day).format('EEEE');",
      "return name == 'Saturday' || name == 'Sunday';",
    ],
  },
  {
    said: 'splits ids into chunks of the given size',
    head: 'List<List<Id>> chunk(List<Id> ids, Integer size)',
    body: [
      'List<List<Id>> chunks = new List<List<Id>>();',
      'List<Id> current = new List<Id>();',
      'for (Id recordId : ids) {',
      '    current.add(recordId);',
      '    if (current.size() == size) {',
      '        chunks.add(current);',
      '        current = new List<Id>();',
      '    }',
      '}',
      'if (!current.isEmpty()) {',
      '    chunks.add(current);',
      '}',
      'return chunks;',
    ],
  },
  {
    said: 'parses a decimal, null when it is not a number',
    head: 'Decimal parseDecimal(String value)',
    body: [
      'try {',
      '    return Decimal.valueOf(value);',
      '} catch (TypeException e) {',
      '    return null;',
      '}',
    ],
  },
  {
    said: 'returns the label of an object',
    head: 'String getObjectLabel(String objectName)',
    body: ['return Schema.getGlobalDescribe().get(objectName).getDescribe().getLabel();'],
  },
  {
    said: 'returns the active values of a picklist',
    head: 'List<String> getPicklistValues(Schema.SObjectField field)',
    body: [
      'List<String> values = new List<String>();',
      'for (Schema.PicklistEntry entry : field.getDescribe().getPicklistValues()) {',
      '    if (entry.isActive()) {',
      '        values.add(entry.getValue());',
      '    }',
      '}',
      'return values;',
    ],
  },
  {
    said: 'returns the id of a record type by its developer name',
    head: 'Id getRecordTypeId(Schema.SObjectType objectType, String developerName)',
    body: [
      'return objectType.getDescribe().getRecordTypeInfosByDeveloperName().get(developerName).getRecordTypeId();',
    ],
  },
  {
    said: 'returns the larger of two numbers',
    head: 'Decimal larger(Decimal first, Decimal second)',
    body: ['return first > second ? first : second;'],
  },
  {
    said: 'returns the smaller of two dates',
    head: 'Date earlier(Date first, Date second)',
    body: ['return first < second ? first : second;'],
  },
  {
    said: 'throws when the value is missing',
    head: 'void requireNonNull(Object value, String message)',
    body: ['if (value == null) {', '    throw new IllegalArgumentException(message);', '}'],
  },
  {
    said: 'counts how often each value occurs',
    head: 'Map<String, Integer> countValues(List<String> values)',
    body: [
      'Map<String, Integer> counts = new Map<String, Integer>();',
      'for (String value : values) {',
      '    if (!counts.containsKey(value)) {',
      '        counts.put(value, 0);',
      '    }',
      '    counts.put(value, counts.get(value) + 1);',
      '}',
      'return counts;',
    ],
  },
  {
    said: 'removes duplicates and keeps the order',
    head: 'List<String> distinct(List<String> values)',
    body: [
      'Set<String> known = new Set<String>();',
      'List<String> unique = new List<String>();',
      'for (String value : values) {',
      '    if (known.add(value)) {',
      '        unique.add(value);',
      '    }',
      '}',
      'return unique;',
    ],
  },
  {
    said: 'returns the number of days between two dates',
    head: 'Integer daysBetween(Date startDate, Date endDate)',
    body: ['return startDate.daysBetween(endDate);'],
  },
  {
    said: 'is the list null or empty?',
    head: 'Boolean isEmpty(List<Object> items)',
    body: ['return items == null || items.isEmpty();'],
  },
  {
    said: 'capitalizes the first letter',
    head: 'String capitalizeFirst(String text)',
    body: [
      'if (String.isBlank(text)) {',
      '    return text;',
      '}',
      'return text.substring(0, 1).toUpperCase() + text.substring(1);',
    ],
  },
  {
    said: 'returns the first element, or null when the list is empty',
    head: 'SObject firstOrNull(List<SObject> records)',
    body: ['return records.isEmpty() ? null : records[0];'],
  },
  {
    said: 'reverses a list',
    head: 'List<String> reversed(List<String> items)',
    body: [
      'List<String> result = new List<String>();',
      'for (Integer i = items.size() - 1; i >= 0; i--) {',
      '    result.add(items[i]);',
      '}',
      'return result;',
    ],
  },
  {
    said: 'may the running user create records of the type?',
    head: 'Boolean canCreate(Schema.SObjectType objectType)',
    body: ['return objectType.getDescribe().isCreateable();'],
  },
];
