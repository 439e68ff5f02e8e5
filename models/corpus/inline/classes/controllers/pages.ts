/** Controllers of Visualforce pages: properties, actions that lead to a page, extensions, and rows to be ticked. */
import { oneName, plainColumns } from '../columns.js';
import { pascalCase } from '../../../phrase.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, lines, literal, selected } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { told } from '../../scope/words.js';

function property(part: Part, type: string, name: string): string {
  return `public ${type} ${seen(name)} ${part.pick('{ get; set; }', '{ get; set; }', '{ get; private set; }')}`;
}

/** The page's message for what went wrong, and no other page. */
function pageMessage(part: Part): string {
  const { error } = part.style;
  return part.pick(
    `ApexPages.addMessages(${error});`,
    `ApexPages.addMessage(new ApexPages.Message(ApexPages.Severity.ERROR, ${error}.getMessage()));`,
  );
}

function drawTarget(part: Part, one: string): string {
  return part.pick(
    `return new PageReference('/' + ${one}.Id);`,
    `return new ApexPages.StandardController(${one}).view();`,
    lines(
      `PageReference ${seen('next')} = new PageReference('/' + ${one}.Id);`,
      'next.setRedirect(true);',
      'return next;',
    ),
  );
}

/** Sets one field, as the sentence says. */
function marking(part: Part, one: string): string {
  const [field] = part.settable(4, ['picklist', 'checkbox', 'date']);
  if (field === undefined) return '';
  const [said, value] =
    field.type === 'date'
      ? ['today', free(part.pick('Date.today()', 'System.today()'))]
      : [literal(part, field), ''];
  return apex`
    ${told(part, `sets ${field.label} to ${said} and stays on the page`)}
    public PageReference ${free(part.pick('mark', `set${pascalCase(field.label)}`, 'apply'))}() {
        ${one}.${field.api} = ${value === '' ? said : value};
        update ${one};
        return null;
    }
  `;
}

function canceling(part: Part, one: string): string {
  const { thing } = part;
  return apex`
    ${told(part, 'back to the record, or to the list where it is new')}
    public PageReference ${free(part.pick('cancel', 'back', 'goBack'))}() {
        ${part.pick(
          `return ${one}.Id == null\n    ? new PageReference('/' + ${thing.api}.SObjectType.getDescribe().getKeyPrefix())\n    : new PageReference('/' + ${one}.Id);`,
          lines(
            `if (${one}.Id != null) {\n    return new PageReference('/' + ${one}.Id);\n}`,
            `return new PageReference('/' + ${thing.api}.SObjectType.getDescribe().getKeyPrefix());`,
          ),
        )}
    }
  `;
}

function saving(part: Part, one: string, isExtension: boolean): string {
  const { thing } = part;
  const verb = isExtension ? 'update' : 'upsert';
  const target = drawTarget(part, one);
  return apex`
    ${part.doc(`saves the ${thing.label} and shows it`)}
    public PageReference ${free(part.pick('save', 'doSave', 'saveRecord'))}() {
        try {
            ${verb} ${one};
            ${target}
        ${part.caught('DmlException', pageMessage(part), 'return null;')}
    }
  `;
}

/** A record of the page, and save, cancel, edit or delete. */
export const pageController: Member = (part) => {
  const { thing } = part;
  const columns = plainColumns(part, 2, 4, true);
  const one = oneName(part);
  if (columns.length === 0 || one === 'next') return null;
  const isExtension = part.random.chance(0.45);
  const select = selected([thing.nameField, ...columns.map(({ api }) => api)]);
  const id = part.pick('recordId', 'currentId', `${thing.one.replace(/Record$/, '')}Id`);
  const controller = part.pick('controller', 'stdController', 'sc', 'std');
  if (id === one) return null;
  const self = part.pick('this.', '');
  const constructor = isExtension
    ? apex`
      public ${part.className}(ApexPages.StandardController ${seen(controller)}) {
          ${part.random.chance(0.4) ? `${controller}.addFields(new List<String>{ ${columns.map(({ api }) => `'${seen(api)}'`).join(', ')} });` : ''}
          ${self}${one} = (${thing.api}) ${controller}.getRecord();
      }
    `
    : apex`
      public ${part.className}() {
          ${part.comment('the id is a parameter of the page; without one the record is new')}
          Id ${seen(id)} = ApexPages.currentPage().getParameters().get('id');
          if (${id} == null) {
              ${self}${one} = new ${thing.api}();
          } else {
              ${self}${one} = [SELECT ${select} FROM ${thing.api} WHERE Id = :${id}];
          }
      }
    `;
  const remove = apex`
    ${part.doc(`deletes the ${thing.label}`)}
    public PageReference ${free(part.pick('remove', 'deleteRecord'))}() {
        delete ${one};
        return new PageReference(${free(part.pick("'/'", "'/home\u002fhome.jsp'"))});
    }
  `;
  const actions = [
    saving(part, one, isExtension),
    ...part.random.sample(
      [canceling(part, one), marking(part, one), remove].filter((text) => text !== ''),
      part.random.integer(1, 2),
    ),
  ];
  return joinedMembers(
    property(part, thing.api, one),
    constructor,
    ...(part.random.chance(0.7) ? actions : part.random.shuffled(actions)),
  );
};

/** What is done with those that the user has ticked. */
function drawDeed(
  part: Part,
  list: string,
): {
  readonly said: string;
  readonly before: string;
  readonly on: (record: string) => string;
  readonly end: string;
  readonly name: string;
} {
  const [field] = part.settable(1, ['picklist', 'checkbox']);
  if (field === undefined || part.random.chance(0.35)) {
    return {
      said: `deletes those that are selected`,
      before: '',
      on: (record) => `${list}.add(${record});`,
      end: `delete ${list};`,
      name: 'deleteSelected',
    };
  }
  const value = literal(part, field);
  return {
    said: `sets ${field.label} of those that are selected to ${value}`,
    before: '',
    on: (record) => lines(`${record}.${field.api} = ${value};`, `${list}.add(${record});`),
    end: `update ${list};`,
    name: `set${pascalCase(field.label)}`,
  };
}

/** How many are ticked, or all ticked at once. */
function overTicked(
  part: Part,
  type: string,
  { wrappers, wrapper, ticked }: Readonly<Record<'wrappers' | 'wrapper' | 'ticked', string>>,
): string {
  const count = apex`
    ${told(part, 'how many are selected')}
    public Integer ${free('getSelectedCount')}() {
        Integer ${seen('count')} = 0;
        for (${type} ${wrapper} : ${wrappers}) {
            if (${wrapper}.${ticked}) {
                count++;
            }
        }
        return count;
    }
  `;
  const all = apex`
    ${told(part, 'selects every one, or none')}
    public void ${free(part.pick('selectAll', 'tickAll', 'toggleAll'))}(Boolean ${seen('value')}) {
        for (${type} ${wrapper} : ${wrappers}) {
            ${wrapper}.${ticked} = value;
        }
    }
  `;
  return part.pick(count, all);
}

/** Wrappers with a tick each, and what is done with those that have one. */
export const tickedWrappers: Member = (part) => {
  const { thing } = part;
  const columns = plainColumns(part, 1, 3);
  const type = part.pick(
    'Wrapper',
    `${thing.className}Wrapper`,
    'Row',
    'Selectable',
    `Wrap${thing.className}`,
  );
  const wrappers = part.pick('wrappers', 'rows', 'wrapperList', 'entries');
  const wrapper = part.pick('wrapper', 'row', 'w', 'wrap');
  const ticked = part.pick('selected', 'isSelected', 'checked', 'isChecked');
  const record = part.pick('record', thing.one, 'rec');
  const loopOne = oneName(part);
  const list = part.pick('chosen', `selected${pascalCase(thing.plural)}`, 'toProcess', 'ticked');
  if (
    new Set([wrappers, wrapper, ticked, record, list].map((name) => name.toLowerCase())).size < 5 ||
    [wrapper, list].includes(loopOne) ||
    [wrapper, record].includes(type.toLowerCase())
  )
    return null;
  const deed = drawDeed(part, list);
  const flagFirst = `this.${ticked} = false;`;
  const sets = [`this.${record} = ${record};`, flagFirst];
  const inner = apex`
    public class ${seen(type)} {
        public ${thing.api} ${seen(record)} { get; set; }
        public Boolean ${seen(ticked)} { get; set; }

        public ${type}(${thing.api} ${record}) {
            ${part.random.chance(0.8) ? sets : [...sets].reverse()}
        }
    }
  `;
  const constructor = apex`
    public ${part.className}() {
        ${wrappers} = new List<${type}>();
        for (${thing.api} ${seen(loopOne)} : [SELECT ${selected([thing.nameField, ...columns.map(({ api }) => api)])} FROM ${thing.api} LIMIT ${free(part.pick('100', '200', '1000'))}]) {
            ${wrappers}.add(new ${type}(${loopOne}));
        }
    }
  `;
  const test = part.random.chance(0.7)
    ? when(`${wrapper}.${ticked}`, deed.on(`${wrapper}.${record}`))
    : lines(`${free('')}if (!${wrapper}.${ticked}) {\n    continue;\n}`, deed.on(`${wrapper}.${record}`));
  const process = apex`
    ${told(part, deed.said)}
    public PageReference ${free(part.pick(deed.name, 'processSelected', 'process', 'applyToSelected'))}() {
        List<${thing.api}> ${seen(list)} = new List<${thing.api}>();
        for (${type} ${seen(wrapper)} : ${wrappers}) {
            ${test}
        }
        ${deed.end}
        return null;
    }
  `;
  const more = part.random.chance(0.5) ? '' : overTicked(part, type, { wrappers, wrapper, ticked });
  const parts = [`public List<${type}> ${seen(wrappers)} { get; set; }`, constructor, process, more];
  return part.random.chance(0.7) ? joinedMembers(...parts, inner) : joinedMembers(inner, ...parts);
};

/** A list in pages: the offset goes on and back by the size of a page. */
export const pagedController: Member = (part) => {
  const { thing, names } = part;
  const columns = plainColumns(part, 1, 3);
  const [size, offset, total] = part.pick(
    ['pageSize', 'offset', 'total'],
    ['size', 'skipped', 'totalCount'],
    ['rowsPerPage', 'firstRow', 'rowCount'],
    ['batch', 'position', 'overall'],
  ) as [string, string, string];
  const constant = size.replace(/([A-Z])/g, '_$1').toUpperCase();
  const list = names.many;
  const query = `[SELECT ${selected([thing.nameField, ...columns.map(({ api }) => api)])} FROM ${thing.api} ORDER BY ${free(thing.nameField)} LIMIT :${constant} OFFSET :${offset}]`;
  const move = (name: string, body: string): string => `public void ${name}() {\n${indented(body)}\n}`;
  const flag = (name: string, condition: string): string =>
    `public Boolean ${name}() {\n    return ${condition};\n}`;
  const load = part.pick('load', 'refresh', 'reload');
  const isGuarded = part.random.chance(0.4);
  const [on, back] = part.pick(['next', 'previous'], ['forward', 'back'], ['nextPage', 'previousPage']) as [
    string,
    string,
  ];
  const [hasOn, hasBack] = part.pick(
    ['getHasNext', 'getHasPrevious'],
    ['getCanGoOn', 'getCanGoBack'],
    ['getIsMore', 'getIsFurther'],
  ) as [string, string];
  return joinedMembers(
    lines(
      `private static final Integer ${seen(constant)} = ${free(part.pick('10', '20', '25', '50'))};`,
      `public List<${thing.api}> ${seen(list)} { get; private set; }`,
      `public Integer ${seen(offset)} { get; private set; }`,
      `private Integer ${seen(total)};`,
    ),
    apex`
      public ${part.className}() {
          ${offset} = 0;
          ${total} = [SELECT COUNT() FROM ${thing.api}];
          ${load}();
      }
    `,
    move(
      free(on),
      isGuarded
        ? when(`${hasOn}()`, `${offset} += ${constant};`, `${load}();`)
        : lines(`${offset} += ${constant};`, `${load}();`),
    ),
    move(
      free(back),
      isGuarded
        ? when(`${hasBack}()`, `${offset} -= ${constant};`, `${load}();`)
        : lines(`${free(`${offset} = Math.max(0, ${offset} - ${constant});`)}`, `${load}();`),
    ),
    `${told(part, 'whether rows follow on those of this page')}\n${flag(free(hasOn), `${offset} + ${constant} < ${total}`)}`,
    `${told(part, 'whether this is not the first page')}\n${flag(free(hasBack), `${offset} > 0`)}`,
    `private void ${load}() {\n    ${list} = ${query};\n}`,
  );
};
