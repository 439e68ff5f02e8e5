/** Sibling methods of one shape: the later ones do with another value, field or object what the first one does. */
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen } from '../apex.js';
import { apexType, signature, variableOf, type Member, type Part } from '../part.js';
import { drawGuard, drawModifiers, drawNamed, meets, otherPart, sentence } from './parts.js';

/** What one method does with each record, or with all of them, when it is given a text. */
function announcing(part: Part, text: string): string {
  const { thing, names } = part;
  const each = `for (${thing.api} ${names.one} : ${names.many})`;
  return part.pick(
    () => `System.debug(${text} + ${part.pick("' x'", "': '", "' for '")} + ${names.many}.size());`,
    () => `${each} {\n    System.debug(${names.one}.Id + ': ' + ${text});\n}`,
    () => `${each} {\n    ${names.one}.addError(${text});\n}`,
    () =>
      apex`
        List<Task> tasks = new List<Task>();
        ${each} {
            tasks.add(new Task(WhatId = ${names.one}.Id, Subject = ${text}));
        }
        insert tasks;
      `,
    () =>
      apex`
        List<FeedItem> posts = new List<FeedItem>();
        ${each} {
            posts.add(new FeedItem(ParentId = ${names.one}.Id, Body = ${text}));
        }
        insert posts;
      `,
    () =>
      `${each} {\n    Messaging.SingleEmailMessage mail = new Messaging.SingleEmailMessage();\n    mail.setTargetObjectId(${names.one}.OwnerId);\n    mail.setSubject(${text});\n    mails.add(mail);\n}`,
  )();
}

/** Methods that pass their own message to the same helper. */
export const siblingMessages: Member = (part) => {
  const { thing, names } = part;
  const drawn = drawNamed(part, 2, 3);
  if (drawn === null || thing.api === 'Task') return null;
  const modifiers = drawModifiers(part);
  const verb = part.pick('notify', 'announce', 'remind', 'report', 'tell', 'warn', 'inform', 'publish');
  const helper = part.pick(
    'send',
    'deliver',
    'broadcast',
    'post',
    'emit',
    'dispatch',
    'push',
    unknownWord(part.random),
  );
  const text = part.pick('text', 'message', 'body', 'subject', 'content', 'note');
  const isFirst = part.random.chance(0.3);
  const guard = drawGuard(part);
  const isConstant = part.random.chance(0.4);
  const prefix = part.pick('MESSAGE', 'TEXT', 'NOTE', 'MSG', verb.toUpperCase());
  const inner = announcing(part, text);
  const isList = inner.includes('mails.add');
  const methods = drawn.values.map(({ word, value, constant }) => {
    const said = isConstant ? `${prefix}_${constant}` : free(`'${sentence(part, thing.label, value)}'`);
    const call = isFirst ? `${said}, ${names.many}` : `${names.many}, ${said}`;
    return apex`
      ${part.random.chance(0.3) ? part.doc(`${verb}s about ${thing.plural} that are ${value.toLowerCase()}`, [names.many]) : ''}
      ${signature(modifiers, 'void', `${verb}${word}`)}(List<${thing.api}> ${names.newMany}) {
          ${guard(names.many)}
          ${seen(helper)}(${call});
      }
    `;
  });
  const parameters = isFirst
    ? `String ${text}, List<${thing.api}> ${names.many}`
    : `List<${thing.api}> ${names.many}, String ${text}`;
  const body = apex`
    private ${modifiers.includes('static') ? 'static ' : ''}void ${seen(helper)}(${parameters}) {
        ${isList ? 'List<Messaging.SingleEmailMessage> mails = new List<Messaging.SingleEmailMessage>();' : ''}
        ${free(inner)}
        ${isList ? 'Messaging.sendEmail(mails);' : ''}
    }
  `;
  const constants = drawn.values
    .map(
      ({ constant, value }) =>
        `private static final String ${seen(`${prefix}_${constant}`)} = ${free(`'${sentence(part, thing.label, value)}'`)};`,
    )
    .join('\n');
  return [isConstant ? constants : '', ...(part.random.chance(0.7) ? [...methods, body] : [body, ...methods])]
    .filter((one) => one !== '')
    .join('\n\n');
};

/** What the methods of one class that set a field have in common, and what one of them says. */
interface Marking {
  readonly shape: 'list' | 'ids' | 'changed' | 'one' | 'new';
  readonly doc: string;
  readonly head: string;
  readonly field: string;
  readonly said: string;
  readonly changed: string;
  readonly write: string;
  readonly guard: (variable: string) => string;
}

/** One method that sets a field and writes. */
function marking(
  { thing, names }: Part,
  { shape, doc, head, field, said, changed, write, guard }: Marking,
): string {
  const set = `${names.one}.${seen(field)} = ${said};`;
  const loop = `for (${thing.api} ${names.one} : ${names.many}) {`;
  switch (shape) {
    case 'one':
      return apex`
        ${doc}
        ${head}(${thing.api} ${names.newOne}) {
            ${set}
            ${seen(write)} ${names.one};
        }
      `;
    case 'ids':
      return apex`
        ${doc}
        ${head}(Set<Id> ${names.newIds}) {
            ${guard(names.ids)}
            List<${thing.api}> ${names.newMany} = [SELECT Id, ${seen(field)} FROM ${thing.api} WHERE Id IN :${names.ids}];
            ${loop}
                ${set}
            }
            ${seen(write)} ${names.many};
        }
      `;
    case 'new':
      return apex`
        ${doc}
        ${head}(Set<Id> ${names.newIds}) {
            List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();
            for (Id recordId : ${names.ids}) {
                ${changed}.add(new ${thing.api}(Id = recordId, ${seen(field)} = ${said}));
            }
            ${seen(write)} ${changed};
        }
      `;
    case 'changed':
      return apex`
        ${doc}
        ${head}(List<${thing.api}> ${names.newMany}) {
            List<${thing.api}> ${seen(changed)} = new List<${thing.api}>();
            ${loop}
                if (${names.one}.${seen(field)} != ${said}) {
                    ${set}
                    ${changed}.add(${names.one});
                }
            }
            ${seen(write)} ${changed};
        }
      `;
    case 'list':
      return apex`
        ${doc}
        ${head}(List<${thing.api}> ${names.newMany}) {
            ${guard(names.many)}
            ${loop}
                ${set}
            }
            ${seen(write)} ${names.many};
        }
      `;
  }
}

/** Methods that set one field to the value that each is named for, and write. */
export const siblingMarks: Member = (part) => {
  const { thing } = part;
  const drawn = drawNamed(part, 2, 3);
  if (drawn === null) return null;
  const { field, values } = drawn;
  const modifiers = drawModifiers(part);
  const verb = part.pick('mark', 'set', 'moveTo', 'makeAll', 'flagAs', 'turn');
  const guard = drawGuard(part, '', 0.5);
  const prefix = part.random.chance(0.5) ? `${field.label.toUpperCase().replace(/\W+/g, '_')}_` : '';
  const isConstant =
    part.random.chance(0.5) && (prefix !== '' || values.every(({ word }) => word.length > 5));
  const shape = part.pick<Marking['shape']>('list', 'list', 'ids', 'changed', 'one', 'new');
  const changed = part.pick('changed', 'toUpdate', 'updates', 'dirty', 'pending');
  const write = part.pick('update', 'update', 'upsert');
  const methods = values.map(({ value, word, constant }) => {
    const said = isConstant ? `${prefix}${constant}` : `'${value}'`;
    const doc = part.random.chance(0.4)
      ? part.doc(
          part.pick(
            `sets the ${field.label} to ${value}`,
            `${field.label}: ${value}`,
            `the ${thing.plural} become ${value}`,
          ),
        )
      : '';
    const head = signature(modifiers, 'void', `${verb}${word}`);
    return marking(part, { shape, doc, head, field: field.api, said, changed, write, guard });
  });
  const constants = values
    .map(
      ({ constant, value }, index) =>
        `private static final String ${index === 0 ? free(`${prefix}${constant}`) : `${prefix}${free(constant)}`} = '${value}';`,
    )
    .join('\n');
  return [...(isConstant ? [constants] : []), ...methods].join('\n\n');
};

/** Test data factories: one method for each object, with the same flag. */
export const siblingFactories: Member = (part) => {
  const other = otherPart(part);
  if (meets(part, other)) return null;
  const flag = part.pick('doInsert', 'isInserted', 'shouldInsert', 'withInsert', 'persist');
  const verb = part.pick('create', 'make', 'build', 'newTest');
  const isLines = part.random.chance(0.4);
  const isNegated = part.random.chance(0.15);
  return [part, other]
    .map((one) => {
      const { thing, names } = one;
      const fields = one.settable(part.random.integer(1, 3));
      const parameters = [
        ...fields.map((field) => `${apexType(field)} ${seen(variableOf(field, one))}`),
        `Boolean ${seen(flag)}`,
      ];
      const sets = fields.map((field) => `${field.api} = ${variableOf(field, one)}`);
      const made = isLines
        ? [`${thing.api} ${names.newOne} = new ${thing.api}();`, ...sets.map((set) => `${names.one}.${set};`)]
        : [`${thing.api} ${names.newOne} = new ${thing.api}(${sets.join(', ')});`];
      return apex`
        ${signature('public static', thing.api, `${verb}${thing.className}`)}(${parameters.join(', ')}) {
            ${made}
            ${isNegated ? `if (!${seen(flag)}) {\n    return ${names.one};\n}\ninsert ${names.one};` : `if (${seen(flag)}) {\n    insert ${names.one};\n}`}
            return ${names.one};
        }
      `;
    })
    .join('\n\n');
};
