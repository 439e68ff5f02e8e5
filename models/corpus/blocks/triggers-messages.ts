/** Messages of errors: what is said to users, always spoken out in the request. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { capitalized, phrase } from '../phrase.js';
import { withUnknownWords } from '../words/invented.js';
import { naturalText } from '../words/sentences.js';

/** A message, and the words that ask for it, with what joins them: ` with the error '…'`, `, error '…'`. */
export function drawMessage(draw: Draw, thing: Thing): { message: string; english: string } {
  const { random } = draw;
  const known = phrase(
    random,
    `{Not allowed|This is not allowed|Please check your input|Please contact your admin|{Ask|Contact} your {manager|administrator|admin}|Invalid ${thing.label}` +
      `|${capitalized(thing.label)} is {locked|not valid|incomplete|final|protected}|This ${thing.label} {is locked|cannot be changed|is not complete|must be approved first|is protected}` +
      `|{You cannot|Cannot|You may not} {do this|save this ${thing.label}|change this ${thing.label}}|Value is missing|{Required|Mandatory} field {is |}missing|Please {fill in|complete} all {fields|required fields}` +
      `|{Action|Operation|Change} {blocked|refused|not permitted}|{Wrong|Invalid} {value|data|input}|Only managers may do this|Approval {is |}{required|needed|missing}|Talk to {Finance|Legal|Sales Ops|HR} first}`,
  );
  const text = random.chance(0.5) ? naturalText(random) : withUnknownWords(random, known, { share: 0.2 });
  const message = draw.keep(text);
  const quoted = random.chance(0.75) ? `'${message}'` : `"${message}"`;
  const english = random.chance(0.6)
    ? ` ${phrase(random, `{with {the|an} {error|message|error message}|and {show|say|display}|saying|and tell users|with the text} ${quoted}`)}`
    : `, ${phrase(random, `{error:|error|message:|message|the error is|error message|say|show the error|the message should be} ${quoted}`)}`;
  return { message, english };
}
