/** Why an error of the table exists, as `docs/errors.md` tells it where the package has that page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '../../domain/errors.js';
import { packageRoot } from './package-root.js';

/** One paragraph; null when the page is not there. */
export function whyOf(code: ErrorCode): string | null {
  try {
    return whyIn(readFileSync(join(packageRoot(), 'docs', 'errors.md'), 'utf8'), code);
  } catch {
    return null;
  }
}

/** The paragraph after **Why:** below the heading of a code; null when there is none. */
function whyIn(page: string, code: string): string | null {
  const section = page.split(/^### /m).find((part) => part.startsWith(`${code}\n`));
  return /^\*\*Why:\*\* (.+)$/m.exec(section ?? '')?.[1] ?? null;
}
