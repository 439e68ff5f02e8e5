/** Whether Apex parses, by the parser of @apexdevtools; an answer that is no whole file is put into one first. */
import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser';
import type { Shape } from './samples.js';

/** What is wrong with `code`, as `LINE:COLUMN MESSAGE` of the wrapped text; empty = it parses. */
export function parseErrors(shape: Shape, given: string, code: string): readonly string[] {
  switch (shape) {
    case 'statements':
      return unitErrors(`public class Wrap {\nvoid run() {\n${given}\n${code}\n}\n}`);
    case 'member':
      return unitErrors(`public class Wrap {\n${given}\n${code}\n}`);
    case 'class':
    case 'trigger':
      return unitsOf(code).flatMap(unitErrors);
    default:
      return shape satisfies never;
  }
}

/** A trigger and its handler are two files in one text: each begins where a line `}` ended the one before. */
function unitsOf(code: string): string[] {
  return code.split(/(?<=^\}[ \t]*)\n\s*(?=\S)/m);
}

const triggerStart = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*trigger\b/i;

function unitErrors(unit: string): readonly string[] {
  const listener = new ErrorList();
  try {
    const { parser } = ApexParserFactory.createLexerAndParser(unit, listener);
    if (triggerStart.test(unit)) parser.triggerUnit();
    else parser.compilationUnit();
  } catch (error) {
    listener.errors.push(String(error)); // the parser gives up on some texts
  }
  return listener.errors;
}

class ErrorList extends ApexErrorListener {
  readonly errors: string[] = [];

  override apexSyntaxError(line: number, column: number, message: string): void {
    this.errors.push(`${line}:${column} ${message}`);
  }
}
