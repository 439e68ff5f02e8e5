/** Triggers, and the handlers that they call. */
import { pascalCase } from '../phrase.js';
import { apex, free, seen } from './apex.js';
import type { Member, Part } from './part.js';
import { drawEvents, type TriggerEvent } from './trigger-events.js';

/** What a handler's method for an event is given. */
function argumentsOf(event: TriggerEvent): string {
  switch (event.join(' ')) {
    case 'before delete':
    case 'after delete':
      return 'Trigger.oldMap';
    case 'before update':
    case 'after update':
      return 'Trigger.new, Trigger.oldMap';
    default:
      return 'Trigger.new';
  }
}

function methodOf([when, what]: TriggerEvent): string {
  return `${when}${pascalCase(what)}`;
}

/** A trigger that calls the handler's method of each of its events. */
export function triggerText(part: Part): string {
  const { thing } = part;
  const handled = drawEvents(part, 1, 5);
  const head = free(
    `trigger ${thing.className}Trigger on ${thing.api} (${handled.map((event) => event.join(' ')).join(', ')})`,
  );
  const handler = `${thing.className}${part.pick('TriggerHandler', 'Handler', 'TriggerHandler')}`;
  const variable = part.pick('handler', 'handler', 'triggerHandler');
  const isStatic = part.random.chance(0.3);
  const call = (event: TriggerEvent): string =>
    `${isStatic ? handler : variable}.${methodOf(event)}(${argumentsOf(event)});`;
  const first = isStatic ? '' : `${handler} ${seen(variable)} = new ${handler}();`;
  const style = part.pick('nested', 'flat', 'switch', 'run');
  if (style === 'run') return `${head} {\n    ${free('')}new ${handler}().run();\n}\n`;
  return (
    apex`
    ${part.random.chance(0.3) ? part.comment(`calls the handler for ${thing.plural}`) : ''}
    ${head} {
        ${first}
        ${style === 'nested' ? nested(handled, call) : style === 'flat' ? flat(handled, call) : switched(handled, call)}
    }
  ` + '\n'
  );
}

function nested(handled: readonly TriggerEvent[], call: (event: TriggerEvent) => string): string {
  const times = (['before', 'after'] as const).filter((time) => handled.some(([when]) => when === time));
  const blocks = times.map((time) => {
    const own = handled.filter(([when]) => when === time);
    const inner = own.map(
      (event, index) =>
        `    ${index === 0 ? 'if' : '} else if'} (Trigger.is${pascalCase(event[1])}) {\n        ${call(event)}`,
    );
    return `(Trigger.is${pascalCase(time)}) {\n${inner.join('\n')}\n    }`;
  });
  return `if ${blocks.join('\n} else if ')}\n}`;
}

function flat(handled: readonly TriggerEvent[], call: (event: TriggerEvent) => string): string {
  return handled
    .map(
      (event) =>
        `if (Trigger.is${pascalCase(event[0])} && Trigger.is${pascalCase(event[1])}) {\n    ${call(event)}\n}`,
    )
    .join('\n');
}

function switched(handled: readonly TriggerEvent[], call: (event: TriggerEvent) => string): string {
  const cases = handled.map(
    (event) => `    when ${event.join('_').toUpperCase()} {\n        ${call(event)}\n    }`,
  );
  return `switch on Trigger.operationType {\n${cases.join('\n')}\n}`;
}

/** A handler's methods, one for each event, that call what is private below. */
export const handlerEvents: Member = (part) => {
  const { thing, names } = part;
  const handled = drawEvents(part, 1, 5);
  const list = part.pick(names.many, `new${pascalCase(thing.plural)}`, 'newRecords', 'newList');
  const oldMap = part.pick('oldMap', `old${thing.className}Map`, 'oldRecords');
  return handled
    .map((event) => {
      const hasOld = event[1] === 'update' || event[1] === 'delete';
      const parameters = [
        ...(event[1] === 'delete' ? [] : [`List<${thing.api}> ${list}`]),
        ...(hasOld ? [`Map<Id, ${thing.api}> ${oldMap}`] : []),
      ];
      const action = handlerAction(part, event, list, oldMap);
      return apex`
        ${part.random.chance(0.4) ? part.doc(`${event.join(' ')} of ${thing.plural}`) : ''}
        public void ${free(methodOf(event))}(${parameters.join(', ').replace(list, seen(list)).replace(oldMap, seen(oldMap))}) {
            ${action}
        }
      `;
    })
    .join('\n\n');
};

function handlerAction(part: Part, event: TriggerEvent, list: string, oldMap: string): string {
  const { thing, names } = part;
  if (event[1] === 'delete') {
    const field = part.field(['checkbox', 'picklist']);
    const one = names.one;
    const message = free(`'This ${thing.label} cannot be deleted.'`);
    const test =
      field === null
        ? `${one}.OwnerId != UserInfo.getUserId()`
        : field.type === 'checkbox'
          ? `${one}.${field.api}`
          : `${one}.${field.api} == '${field.values[0] ?? 'Closed'}'`;
    return `for (${thing.api} ${names.newOne} : ${oldMap}.values()) {\n    if (${free(test)}) {\n        ${one}.addError(${message});\n    }\n}`;
  }
  const field = part.settable(1, ['picklist', 'checkbox', 'date'])[0];
  const one = names.one;
  if (field === undefined || event[0] === 'after')
    return `${free('')}${thing.className}Service.${free(part.pick('createTasks', 'notifyOwners', 'recalculate', 'syncAll'))}(${list}${event[1] === 'update' ? `, ${oldMap}` : ''});`;
  const value =
    field.type === 'checkbox'
      ? 'false'
      : field.type === 'date'
        ? 'Date.today()'
        : `'${field.values[0] ?? 'Open'}'`;
  if (field.type === 'checkbox') {
    return `${part.comment(`set the ${field.label} to false`)}\nfor (${thing.api} ${names.newOne} : ${list}) {\n    ${one}.${field.api} = false;\n}`;
  }
  const said = `${event[1] === 'insert' ? 'default the' : 'set an empty'} ${field.label} to ${value}`;
  return `${part.comment(said)}\nfor (${thing.api} ${names.newOne} : ${list}) {\n    if (${one}.${field.api} == null) {\n        ${one}.${field.api} = ${value};\n    }\n}`;
}
/** `run()` that looks at the operation and calls the methods below it. */
export const handlerRun: Member = (part) => {
  const { thing } = part;
  const handled = drawEvents(part, 1, 5);
  const cast = (text: string): string =>
    text
      .replace('Trigger.new', `(List<${thing.api}>) Trigger.new`)
      .replace('Trigger.oldMap', `(Map<Id, ${thing.api}>) Trigger.oldMap`);
  const cases = handled.map(
    (event) =>
      `when ${event.join('_').toUpperCase()} {\n    ${methodOf(event)}(${cast(argumentsOf(event))});\n}`,
  );
  return apex`
    ${part.doc('calls the method of the current event')}
    ${free('public void run()')} {
        switch on Trigger.operationType {
            ${cases}
        }
    }
  `;
};
