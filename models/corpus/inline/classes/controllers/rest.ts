/** REST resources: an id from the address, a body, and an answer with its status code. */
import { oneName, plainColumns, type Column } from '../columns.js';
import { apex, free, indented, seen, when } from '../../apex.js';
import { joinedMembers, lines, selected } from '../../bulk/base.js';
import { signature, type Member, type Part } from '../../part.js';
import { told } from '../../scope/words.js';

interface Rest {
  readonly part: Part;
  readonly request: string;
  readonly id: string;
  readonly one: string;
  readonly columns: readonly Column[];
  /** Whether the id is cut by one method alone. */
  readonly isShort: boolean;
}

/** The last piece of the address; there are two ways to write it. */
function idLine({ part, request, id, isShort }: Rest): string {
  const uri = `${request}.requestURI`;
  const cut = isShort ? `substringAfterLast('/')` : `substring(${uri}.lastIndexOf('/') + 1)`;
  const said = part.comment('the id is what follows the last slash');
  return `${said}\nId ${seen(id)} = ${uri}.${free('')}${cut};`;
}

function requestLine({ request }: Rest): string {
  return `RestRequest ${seen(request)} = RestContext.request;`;
}

function getting(rest: Rest): string {
  const { part, id, columns } = rest;
  const { api } = part.thing;
  const query = `[SELECT ${selected(columns.map((column) => column.api))} FROM ${api} WHERE Id = :${id} LIMIT 1]`;
  const many = part.pick('found', 'matches', part.names.many);
  const notFound = part.random.chance(0.6);
  const body = notFound
    ? lines(
        `List<${api}> ${seen(many)} = ${query};`,
        part.comment('404 when there is none'),
        when(`${many}.isEmpty()`, `RestContext.response.statusCode = 404;`, 'return null;'),
        part.random.chance(0.5) ? `return ${many}[0];` : `${free('')}return ${many}.get(0);`,
      )
    : `return ${query};`;
  return apex`
    ${part.doc(`one ${part.thing.label} by its id`)}
    @HttpGet
    ${signature('global static', api, part.pick('get', 'doGet', `get${part.thing.className}`, 'read'))}() {
        ${requestLine(rest)}
        ${idLine(rest)}
        ${body}
    }
  `;
}

function posting({ part, one, columns }: Rest): string {
  const { api } = part.thing;
  const values = columns.map((column) => `${column.api} = ${column.name}`);
  const given = columns.map(({ type, name }) => `${type} ${seen(name)}`).join(', ');
  const inner = values.length > 2 ? `(\n${indented(values.join(',\n'))}\n)` : `(${values.join(', ')})`;
  const made = `${api} ${seen(one)} = new ${api}${inner};`;
  return apex`
    ${part.doc(`makes a ${part.thing.label} and returns its id`)}
    @HttpPost
    ${signature('global static', 'Id', part.pick('post', 'doPost', 'create', `create${part.thing.className}`))}(${given}) {
        ${made}
        insert ${one};
        ${part.random.chance(0.5) ? `${part.comment('201: made')}\nRestContext.response.statusCode = 201;` : ''}
        return ${one}.Id;
    }
  `;
}

function deleting(rest: Rest): string {
  const { part, one, id } = rest;
  const { api } = part.thing;
  const isDirect = part.random.chance(0.4);
  return apex`
    ${part.doc(`deletes one ${part.thing.label} by its id`)}
    @HttpDelete
    ${signature('global static', 'void', part.pick('remove', 'doDelete', `delete${part.thing.className}`))}() {
        ${requestLine(rest)}
        ${idLine(rest)}
        ${isDirect ? `${free('')}delete new ${api}(Id = ${id});` : lines(`${api} ${seen(one)} = [SELECT Id FROM ${api} WHERE Id = :${id}];`, `delete ${one};`)}
        ${part.random.chance(0.4) ? `${part.comment('204: nothing to return')}\nRestContext.response.statusCode = 204;` : ''}
    }
  `;
}

function patching(rest: Rest): string {
  const { part, one, id, columns, request } = rest;
  const { api } = part.thing;
  const body = part.pick('body', 'values', 'params');
  const sets = columns.map((column) => {
    const line = `${one}.${column.api} = (${column.type}) ${body}.get('${seen(column.name)}');`;
    return when(`${body}.containsKey('${seen(column.name)}')`, line);
  });
  return apex`
    ${told(part, 'only what the body holds is changed')}
    @HttpPatch
    ${signature('global static', 'void', part.pick('patch', 'doPatch', `update${part.thing.className}`))}() {
        ${requestLine(rest)}
        ${idLine(rest)}
        Map<String, Object> ${seen(body)} = (Map<String, Object>) JSON.deserializeUntyped(${request}.requestBody.toString());
        ${api} ${seen(one)} = new ${api}(Id = ${id});
        ${sets}
        update ${one};
    }
  `;
}

/** Two or three of get, post, patch and delete for one object. */
export const restResource: Member = (part) => {
  const columns = plainColumns(part, 2, 4, true).filter(({ type }) =>
    ['String', 'Boolean', 'Decimal'].includes(type),
  );
  if (columns.length === 0) return null;
  const request = part.pick('request', 'req', 'incoming');
  const id = part.pick('recordId', 'id', `${part.thing.one.replace(/Record$/, '')}Id`);
  const one = oneName(part, columns);
  if ([id, request].includes(one) || columns.some(({ name }) => [id, request].includes(name))) return null;
  const rest: Rest = { part, request, id, one, columns, isShort: part.random.chance(0.5) };
  const makers = part.random
    .shuffled([getting, posting, deleting, patching])
    .slice(0, part.random.integer(2, 3));
  const mark = `.requestURI.${free('')}`;
  const [before, ...after] = joinedMembers(...makers.map((make) => make(rest))).split(mark);
  // What the first of them does tells the others.
  return after.length === 0 ? before! : `${before!}${mark}${after.join('.requestURI.')}`;
};

/** A resource with a body of its own class, and an answer that says whether it went well. */
export const restEnvelope: Member = (part) => {
  const { thing, style } = part;
  const columns = plainColumns(part, 2, 3, true);
  if (columns.length < 2) return null;
  const [body, answer] = part.pick(
    ['Body', 'Answer'],
    ['Payload', 'Response'],
    ['RequestBody', 'ResponseBody'],
    ['Order', 'Receipt'].map((word) => `${word}Data`),
  ) as [string, string];
  const input = part.pick('payload', 'input', 'body');
  const output = part.pick('answer', 'output', 'response');
  const one = oneName(part, columns);
  if (input === body.toLowerCase() || output === answer.toLowerCase()) return null;
  const message = part.pick('message', 'error', 'detail');
  if (
    [input, output, style.error].includes(one) ||
    columns.some(({ name }) => [input, output].includes(name))
  )
    return null;
  const failed = part.pick('400', '500');
  const sets = columns.map(({ api, name }) => `${one}.${api} = ${input}.${name};`);
  const type = part.pick('DmlException', 'Exception');
  const method = apex`
    ${told(part, `stores one ${thing.label}; status ${failed} and the ${message} when it fails`)}
    @HttpPost
    ${signature('global static', answer, part.pick('handle', 'doPost', 'receive'))}() {
        ${body} ${seen(input)} = (${body}) JSON.deserialize(RestContext.request.requestBody.toString(), ${body}.class);
        ${answer} ${seen(output)} = new ${answer}();
        try {
            ${thing.api} ${seen(one)} = new ${thing.api}();
            ${sets}
            insert ${one};
            ${output}.success = true;
            ${output}.recordId = ${one}.Id;
        ${part.caught(free(type), `RestContext.response.statusCode = ${failed};`, `${output}.success = false;`, `${output}.${message} = ${style.error}.getMessage();`)}
        return ${output};
    }
  `;
  const ins = `global class ${seen(body)} {\n${indented(columns.map(({ type: of, name, isTold }) => `public ${isTold ? of : free(of)} ${seen(name)};`).join('\n'))}\n}`;
  const out = `global class ${seen(answer)} {\n    public Boolean ${seen('success')};\n    public Id ${seen('recordId')};\n    public String ${seen(message)};\n}`;
  return part.random.chance(0.6) ? joinedMembers(method, ins, out) : joinedMembers(ins, out, method);
};
