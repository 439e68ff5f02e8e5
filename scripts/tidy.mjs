/**
 * Conventions that no other tool knows, over the files a commit would carry. Prints one line per offence,
 * `file[:line]: what`, and exits 1; says nothing when there is none. `node scripts/tidy.mjs [FOLDER]`.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Built, fetched or made by running; none of it is ours to keep tidy. */
const foreignFolders = new Set(['node_modules', '.git', 'dist', '.cache', '.stowage', 'coverage']);
/** Folders whose names and files we choose ourselves, and the recorded files in them that we do not. */
const ownFolders = /^(src|test|scripts|bench|docs|bin|models\/(corpus|evaluation|training))\//;
const recordedFolders = /^test\/(data|.*\/recorded)\//;
const readable = /\.(ts|mjs|cjs|js|json|yaml|yml|md|sh)$|(^|\/)\.ci\/run$/;

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** Folders that become everybody's attic; name the idea instead. */
const atticFolders = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc', 'lib']);

const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
const machinePaths = new RegExp(`(^|[\\s'"\`(=:])/(${['home', 'work', 'Users'].join('|')})/[\\w.-]`);

function* filesOf(folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!foreignFolders.has(entry.name)) yield* filesOf(file);
    } else if (entry.isFile()) yield file;
  }
}

function* nameOffences(file) {
  if (!ownFolders.test(file) || recordedFolders.test(file)) return;
  const parts = file.split('/');
  const name = parts.pop();
  for (const folder of parts) {
    if (atticFolders.has(folder)) yield `${file}: the folder name \`${folder}\` says nothing; name the idea`;
    else if (!kebabCase.test(folder)) yield `${file}: the folder name \`${folder}\` is not kebab-case`;
  }
  if (!kebabCase.test(name) && !/^[A-Z-]+\.(md|txt)$/.test(name) && name !== 'CMakeLists.txt') {
    yield `${file}: the file name is not kebab-case`;
  }
}

function* textOffences(file) {
  if (!readable.test(file) || recordedFolders.test(file) || file === 'package-lock.json') return;
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    const place = `${file}:${index + 1}`;
    if (marks.test(line)) yield `${place}: a mark for later; do it, or write it down where work is planned`;
    if (machinePaths.test(line)) yield `${place}: a path of one machine`;
  }
}

/** Where a package was fetched from differs by machine; with these left out, any registry will do. */
function* lockOffences() {
  if (!existsSync(path.join(root, 'package-lock.json'))) return;
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  for (const [name, entry] of Object.entries(lock.packages ?? {})) {
    if (typeof entry.resolved === 'string' && /^\w+:\/\//.test(entry.resolved)) {
      yield `package-lock.json: \`${name}\` names its registry (set omit-lockfile-registry-resolved=true)`;
    }
  }
}

const offences = [...lockOffences()];
for (const file of filesOf('')) offences.push(...nameOffences(file), ...textOffences(file));
for (const offence of offences) console.log(offence);
if (offences.length > 0) process.exitCode = 1;
