/** What counts of data operations: what is done to records of which object. */
import { closingIndex, isToken, splitAt, type Token, untilEnd } from './apex-tokens.js';

const operationWords = ['insert', 'update', 'upsert', 'delete', 'undelete', 'merge'];
const statementEnds = [';', '{', '}', ')', ':'];

/** Each as its word, the object of its records, its key and whether a part of them may fail: `upsert Case by Key__c partial`. */
export function dataOperations(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, index) => {
    const name = token.text.toLowerCase();
    if (token.kind !== 'word' || !operationWords.includes(name)) return [];
    const before = tokens[index - 1];
    if (isToken(before, '.') && isToken(tokens[index - 2], 'Database')) {
      const operands = splitAt(tokens.slice(index + 2, closingIndex(tokens, index + 1)), ',');
      return [operationCalled(`${name}${objectOf(operands[0] ?? [])}`, operands)];
    }
    const begins = before === undefined || isToken(before, 'else') || statementEnds.includes(before.text);
    if (!begins || isToken(tokens[index + 1], '(') || isToken(tokens[index + 1], ',')) return [];
    const operands = untilEnd(tokens, index + 1);
    const [last, beforeLast] = [operands.at(-1), operands.at(-2)];
    const isKey = name === 'upsert' && last?.kind === 'word' && beforeLast !== undefined;
    const operation = `${name}${objectOf(operands)}`;
    return [isKey && !isToken(beforeLast, '.') ? `${operation} by ${last.text}` : operation];
  });
}

/** ` Case` of records of a list, map, query or variable of cases; empty where it cannot be seen. */
function objectOf(operand: readonly Token[]): string {
  const [first, second] = operand;
  const created = isToken(first, 'new')
    ? operand.findLast(({ text }) => standardObjects.test(text))
    : undefined;
  const member = isToken(first, 'this') && isToken(second, '.') ? operand[2] : first;
  const type = created?.text ?? member?.type?.replace(/[>[\]]+$/, '') ?? '';
  const object = type.split(/[<,]/).at(-1)!;
  return standardObjects.test(object) ? ` ${object}` : '';
}

/** `Database.upsert(accounts, Account.Fields.Key__c, false)`. */
function operationCalled(name: string, operands: readonly (readonly Token[])[]): string {
  const isPartial = operands.slice(1).some((operand) => operand.length === 1 && isToken(operand[0], 'false'));
  const key = operands.slice(1).find((operand) => operand.some((token) => isToken(token, 'Fields')));
  return `${name}${key === undefined ? '' : ` by ${key.at(-1)!.text}`}${isPartial ? ' partial' : ''}`;
}

/** Types that are objects: the standard ones of models/TASKS.md, and custom ones. */
export const standardObjects =
  /^(?:Account|Contact|Lead|Opportunity|Case|Task|Event|Campaign|Contract|Order|Product2|Asset|User|\w+__c)$/;
