/** Where this program's package lies, with the files that are shipped beside the code. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that holds this program's package.json. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
