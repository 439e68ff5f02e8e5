/** Rows of numbers as lines with commas, without a header: for models of tables, which have one input of two dimensions. */
import type { Tensor, TensorSlot } from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { nestedOfTensor, tensorOfNested } from './nested.js';

/** Throws REQ-210, which names the line. */
export function readCsv(slot: TensorSlot, text: string): Tensor {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const rows = lines.map((line, index) =>
    line.split(',').map((cell): unknown => {
      if (slot.type === 'string') return cell;
      const value = Number(cell);
      if (cell.trim() !== '' && !Number.isNaN(value)) return value;
      throw bodyError(slot.name, `has \`${cell.slice(0, 40)}\` in line ${index + 1}, which is no number`);
    }),
  );
  return tensorOfNested(slot, rows);
}

/** One line for each row. Throws REQ-210 for tensors of more than two dimensions. */
export function writeCsv(name: string, tensor: Tensor): string {
  if (tensor.shape.length > 2) throw bodyError(name, 'has more than two dimensions: accept application/json');
  const nested = nestedOfTensor(name, tensor);
  const rows = Array.isArray(nested) ? (nested as unknown[]) : [nested];
  return rows.map((row) => `${(Array.isArray(row) ? row : [row]).map(cellOf).join(',')}\n`).join('');
}

function cellOf(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
