/** Frames of trigger handlers: fields, overrides, dispatch by event, and guards against running twice. */
import { capitalized, pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { spaced, told } from '../../scope/words.js';

/** What a handler works with: one list or map each, in its own names. */
interface Sets {
  readonly news: string;
  readonly olds: string;
  readonly oldMap: string;
}

function drawSets(part: Part): Sets {
  const { thing } = part;
  const many = pascalCase(thing.plural);
  return part.pick<Sets>(
    {
      news: `new${many}`,
      olds: `old${many}`,
      oldMap: `old${thing.className}Map`,
    },
    { news: `new${many}`, olds: `old${many}`, oldMap: `old${many}ById` },
    { news: 'newRecords', olds: 'oldRecords', oldMap: 'oldMap' },
    { news: 'newList', olds: 'oldList', oldMap: 'oldMap' },
    { news: 'records', olds: 'deleted', oldMap: 'oldById' },
    { news: thing.many, olds: `old${many}`, oldMap: `old${many}ById` },
  );
}

/** The events, and what a handler has in each of them. */
const events = [
  { name: 'beforeInsert', english: 'before insert', has: ['news'] },
  { name: 'beforeUpdate', english: 'before update', has: ['news', 'oldMap'] },
  { name: 'afterInsert', english: 'after insert', has: ['news'] },
  { name: 'afterUpdate', english: 'after update', has: ['news', 'oldMap'] },
  { name: 'beforeDelete', english: 'before delete', has: ['olds'] },
  { name: 'afterDelete', english: 'after delete', has: ['olds'] },
  { name: 'afterUndelete', english: 'after undelete', has: ['news'] },
] as const;

type Event = (typeof events)[number];

/** What a service does, with its sentence; `old` says that it compares. */
interface Deed {
  readonly name: string;
  readonly said: string;
  /** In which events it makes sense. */
  readonly fits: RegExp;
  readonly compares: boolean;
}

function deedsOf(part: Part, isBefore: boolean): readonly Deed[] {
  const [field] = part.settable(1, ['picklist', 'date', 'currency', 'text']);
  const label = field?.label ?? 'status';
  const other = part.pick('tasks', 'reminders', 'audit entries', 'entitlements');
  const written = /Insert|Update/;
  const deed = (name: string, said: string, fits = written, compares = false): Deed => ({
    name,
    said,
    fits,
    compares,
  });
  const big = pascalCase(label);
  return isBefore
    ? [
        deed('setDefaults', 'the defaults are set'),
        deed(`validate${big}`, `the ${label} is validated`),
        deed(`normalize${big}`, `the ${label} is normalized`),
        deed('checkDuplicates', 'duplicates are checked'),
        deed(`prevent${big}Change`, `a change of the ${label} is prevented`, /Update/, true),
        deed('preventDelete', 'the delete is prevented where needed', /Delete/),
        deed('checkReferences', 'references are checked', /Delete/),
      ]
    : [
        deed(`create${pascalCase(other)}`, `${other} are created`, /Insert|Undelete/),
        deed('updateTotals', 'the totals are updated', /./),
        deed('notifyOwners', 'the owners are notified', /./),
        deed('syncParents', 'the parents are synced', /./),
        deed(`handle${big}Change`, `a change of the ${label} is handled`, /Update/, true),
        deed('logChanges', 'changes are logged', /Update/, true),
        deed('logDeletion', 'the deletion is logged', /Delete/),
      ];
}

/** The service's call with what the event has. */
function callOf(target: string, deed: Deed, event: Event, sets: Sets, self: string): string {
  const [list, map] = event.has as readonly (keyof Sets)[];
  const given = [
    `${self}${sets[list!]}`,
    ...(deed.compares && map !== undefined ? [`${self}${sets[map]}`] : []),
  ];
  return `${seen(target)}.${deed.name}(${given.join(', ')});`;
}

interface Chosen {
  readonly event: Event;
  readonly deed: Deed;
  readonly isAgain: boolean;
}

/** Events of which one does again what another has done. */
function drawChosen(part: Part, count: number): readonly Chosen[] {
  const [before, after] = [
    part.random.shuffled(deedsOf(part, true)),
    part.random.shuffled(deedsOf(part, false)),
  ];
  const used: Deed[] = [];
  return part.random
    .sample(events, count)
    .sort((one, other) => events.indexOf(one) - events.indexOf(other))
    .map((event) => {
      const own = (event.name.startsWith('before') ? before : after).filter(({ fits }) =>
        fits.test(event.name),
      );
      const repeated = used.find((deed) => own.includes(deed));
      if (repeated !== undefined && part.random.chance(0.4)) return { event, deed: repeated, isAgain: true };
      const deed = own.find((one) => !used.includes(one)) ?? own[0]!;
      used.push(deed);
      return { event, deed, isAgain: false };
    });
}

function serviceName(part: Part): string {
  return `${part.thing.className}${part.pick('Service', 'Service', 'Domain', 'Logic', 'Helper')}`;
}

/** `after update: the totals are added up again`. */
function eventComment(part: Part, { event, deed, isAgain }: Chosen): string {
  const again = isAgain && !deed.said.endsWith('again') ? ' again' : '';
  const said = part.pick(deed.said, deed.said, spaced(deed.name));
  return part.comment(part.pick(`${event.english}: ${said}${again}`, `${said}${again}`));
}

/** A framework's handler: fields for what the trigger has, set in a constructor, and one call for each event. */
export const frameworkHandler: Member = (part) => {
  const { thing } = part;
  const sets = drawSets(part);
  const chosen = drawChosen(part, part.random.integer(2, 4));
  const needed = new Set(
    chosen.flatMap(({ event, deed }) =>
      (event.has as readonly (keyof Sets)[]).slice(0, deed.compares ? 2 : 1),
    ),
  );
  const self = part.pick('', '', 'this.');
  const service = serviceName(part);
  const isInstance = part.random.chance(0.25);
  const variable = part.pick('service', 'logic', 'worker');
  const target = isInstance ? variable : service;
  const sources: readonly (readonly [keyof Sets, string, string])[] = [
    ['news', `List<${thing.api}>`, 'new'],
    ['olds', `List<${thing.api}>`, 'old'],
    ['oldMap', `Map<Id, ${thing.api}>`, 'oldMap'],
  ];
  const wanted = sources.filter(([key]) => needed.has(key));
  const isAssigned = part.random.chance(0.75);
  const casts = wanted.map(([key, type, source]) => `this.${sets[key]} = (${type}) Trigger.${source};`);
  const fields = wanted.map(([key, type, source]) =>
    isAssigned
      ? `private ${type} ${seen(sets[key])};`
      : `private ${type} ${seen(sets[key])} = (${type}) Trigger.${source};`,
  );
  const constructor = isAssigned ? `public ${part.className}() {\n${indented(...casts)}\n}` : '';
  const commented = part.random.chance(0.75);
  const methods = chosen.map((one) => {
    const call = callOf(target, one.deed, one.event, sets, self);
    const body =
      commented || one.isAgain ? call : call.replace(`.${one.deed.name}(`, `.${free(one.deed.name)}(`);
    return apex`
      ${commented ? eventComment(part, one) : ''}
      public override void ${free(one.event.name)}() {
          ${body}
      }
    `;
  });
  const declared = isInstance ? `private ${seen(service)} ${seen(variable)} = new ${service}();` : '';
  return joinedMembers(lines(...fields, declared), constructor, ...methods);
};

/** Static entries, one for each event, that a trigger calls; each hands over to one helper or more. */
export const staticEntries: Member = (part) => {
  const { thing } = part;
  const chosen = drawChosen(part, part.random.integer(2, 3));
  const sets = drawSets(part);
  const prefix = part.pick('on', 'handle', '');
  const service = serviceName(part);
  const methods = chosen.map((one) => {
    const [, map] = one.event.has as readonly (keyof Sets)[];
    const list = sets[one.event.has[0]];
    const parameters = [
      `List<${thing.api}> ${seen(list)}`,
      ...(map !== undefined ? [`Map<Id, ${thing.api}> ${seen(sets[map])}`] : []),
    ].join(', ');
    const name = prefix === '' ? one.event.name : `${prefix}${capitalized(one.event.name)}`;
    const call = callOf(service, one.deed, one.event, sets, '');
    return apex`
      ${eventComment(part, one)}
      ${free(`public static void ${name}`)}(${parameters}) {
          ${call}
      }
    `;
  });
  return joinedMembers(...methods);
};

/** Dispatch by the trigger's event: a switch, or tests of isBefore and isInsert. */
export const dispatchingHandler: Member = (part) => {
  const { thing } = part;
  const sets = drawSets(part);
  const chosen = drawChosen(part, part.random.integer(3, 4));
  const nameOf = (event: Event): string => event.name;
  const prefix = part.pick('', 'on', 'handle');
  const methodOf = (event: Event): string =>
    prefix === '' ? nameOf(event) : `${prefix}${capitalized(event.name)}`;
  const passed = (event: Event): string => {
    const [, map] = event.has as readonly (keyof Sets)[];
    const list = event.has[0] === 'olds' ? 'Trigger.old' : 'Trigger.new';
    return map === undefined ? list : `${list}, Trigger.oldMap`;
  };
  const isCast = part.random.chance(0.3);
  const given = (event: Event): string =>
    isCast
      ? passed(event)
          .replace(/Trigger\.(old|new)\b(?!M)/, `(List<${thing.api}>) Trigger.$1`)
          .replace('Trigger.oldMap', `(Map<Id, ${thing.api}>) Trigger.oldMap`)
      : passed(event);
  const callFor = (event: Event): string => `${methodOf(event)}(${given(event)});`;
  const shape = part.pick('switch', 'switch', 'nested', 'flat');
  const constant = (event: Event): string => event.english.toUpperCase().replace(' ', '_');
  const flatTest = (event: Event): string => {
    const [phase, what] = event.english.split(' ') as [string, string];
    return `Trigger.is${capitalized(phase)} && Trigger.is${capitalized(what)}`;
  };
  const branch = (phase: 'before' | 'after'): string =>
    chain(
      chosen
        .filter(({ event }) => event.english.startsWith(phase))
        .map(
          ({ event }) => [`Trigger.is${capitalized(event.english.split(' ')[1]!)}`, callFor(event)] as const,
        ),
    );
  const both = (['before', 'after'] as const)
    .map((phase) => [`Trigger.is${capitalized(phase)}`, branch(phase)] as const)
    .filter(([, body]) => body !== '');
  const body =
    shape === 'switch'
      ? `switch on Trigger.operationType {\n${indented(...chosen.map(({ event }) => `when ${constant(event)} {\n    ${callFor(event)}\n}`))}\n}`
      : shape === 'nested'
        ? chain(both)
        : chain(chosen.map(({ event }) => [flatTest(event), callFor(event)] as const));
  const service = serviceName(part);
  const run = `${free(part.pick('public static void run', 'public static void dispatch', 'public static void handle'))}() {\n${indented(body)}\n}`;
  const methods = chosen.map((one) => {
    const [, map] = one.event.has as readonly (keyof Sets)[];
    const parameters = [
      `List<${thing.api}> ${seen(sets[one.event.has[0]])}`,
      ...(map !== undefined ? [`Map<Id, ${thing.api}> ${seen(sets[map])}`] : []),
    ].join(', ');
    return apex`
      ${eventComment(part, one)}
      private static void ${methodOf(one.event)}(${parameters}) {
          ${callOf(service, one.deed, one.event, sets, '')}
      }
    `;
  });
  return joinedMembers(run, ...methods);
};

/** `if … else if …`. */
function chain(branches: readonly (readonly [test: string, body: string])[]): string {
  return branches.map(([test, body]) => when(test, body)).join(' else ');
}

/** What a guard lets through, and the head of the method. */
function drawGuarded(part: Part): { readonly call: string; readonly head: string } {
  const service = serviceName(part);
  const deed = part.pick(
    'updateTotals',
    'notifyOwners',
    'syncParents',
    'recalculate',
    'publishEvents',
    'createFollowUps',
  );
  const event = part.pick('onAfterUpdate', 'afterUpdate', 'handleAfterUpdate', 'afterSave');
  return { call: free(`${service}.${deed}`), head: free(`public static void ${event}`) };
}

/** Each record once in a transaction, by ids that are kept. */
export const handledOnce: Member = (part) => {
  const { thing, names } = part;
  const { call, head } = drawGuarded(part);
  const done = part.pick('processedIds', 'handledIds', 'doneIds', 'seenIds');
  const list = names.many;
  const fresh = part.pick('fresh', 'remaining', 'toProcess', 'unprocessed');
  const one = names.one;
  if ([list, one].includes(fresh) || one === done) return null;
  const body = part.random.chance(0.5)
    ? when(`!${done}.contains(${one}.Id)`, `${done}.add(${one}.Id);`, `${fresh}.add(${one});`)
    : part.random.chance(0.5)
      ? when(`${done}.add(${one}.Id)`, `${fresh}.add(${one});`)
      : lines(
          `${free('')}if (${done}.contains(${one}.Id)) {\n    continue;\n}`,
          `${done}.add(${one}.Id);`,
          `${fresh}.add(${one});`,
        );
  return joinedMembers(
    `private static Set<Id> ${seen(done)} = new Set<Id>();`,
    apex`
      ${told(part, `each ${thing.label} is handled once in a transaction`, [list])}
      ${head}(List<${thing.api}> ${seen(list)}) {
          List<${thing.api}> ${seen(fresh)} = new List<${thing.api}>();
          for (${thing.api} ${seen(one)} : ${list}) {
              ${body}
          }
          ${part.random.chance(0.7) ? when(`!${fresh}.isEmpty()`, `${call}(${fresh});`) : `${call}(${fresh});`}
      }
    `,
    part.random.chance(0.4)
      ? `@TestVisible\nprivate static void ${free('reset')}() {\n    ${done}.clear();\n}`
      : '',
  );
};

/** A flag that keeps a handler from running twice, or for its own writes. */
export const flaggedHandler: Member = (part) => {
  const { thing, names } = part;
  const { call: method, head } = drawGuarded(part);
  const flag = part.pick('isRunning', 'hasRun', 'isExecuting', 'isFirstRun', 'bypass');
  const list = names.many;
  const isFirst = flag === 'isFirstRun';
  const [start, stops, marks] = isFirst ? ['true', `!${flag}`, 'false'] : ['false', flag, 'true'];
  const isFinally = flag === 'isRunning' || flag === 'isExecuting';
  const call = `${method}(${list});`;
  const body = isFinally
    ? `${flag} = true;\ntry {\n    ${call}\n} finally {\n    ${flag} = false;\n}`
    : `${flag} = ${marks};\n${call}`;
  const guard = part.random.chance(0.75)
    ? lines(`if (${stops}) ${part.pick('return;', '{\n    return;\n}', '{\n    return;\n}')}`, body)
    : `${free('')}${when(isFirst ? flag : `!${flag}`, body)}`;
  const said = isFinally
    ? 'what this handler writes does not start it again'
    : flag === 'bypass'
      ? 'does nothing once the bypass is on, and turns it on'
      : 'runs once in a transaction';
  return joinedMembers(
    `${part.pick('private', 'public')} static Boolean ${seen(flag)} = ${start};`,
    apex`
      ${told(part, said, [list])}
      ${head}(List<${thing.api}> ${seen(list)}) {
          ${guard}
      }
    `,
  );
};
