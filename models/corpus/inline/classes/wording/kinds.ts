/** Kinds of classes about texts. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { joinedLabels, mailLines, templateLabels, templateTexts } from './formats.js';
import { textTool, textTools } from './names.js';
import { compositeKeys, csvRows } from './rows.js';

/** Templates, labels, mails, CSV, keys and tools for texts. */
export const wordingKinds: readonly FileKind[] = [
  classKind('template texts', ['Texts', 'Messages', 'Labels', 'Wording', 'Formatter'], templateTexts),
  classKind('template labels', ['Labels', 'Formatter', 'Captions', 'Texts'], templateLabels, textTool),
  classKind('mail lines', ['Mailer', 'MailBuilder', 'Notifier', 'EmailBody', 'Letter'], mailLines, textTool),
  classKind('csv rows', ['Csv', 'Exporter', 'CsvBuilder', 'Export'], csvRows),
  classKind('joined labels', ['Labels', 'Display', 'Texts', 'Titles'], joinedLabels, textTool),
  classKind('composite keys', ['Keys', 'Index', 'Matcher', 'Lookup'], compositeKeys, textTool),
  classKind('text tools', ['Texts', 'Strings', 'StringUtil', 'TextUtils', 'Names'], textTools),
];
