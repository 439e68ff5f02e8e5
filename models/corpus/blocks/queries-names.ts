/** Names of single records: what is said after `named`. */
import type { Thing } from '../nouns.js';
import type { Random } from '../random.js';
import { naturalName, naturalText } from '../words/sentences.js';
import { madeUp, partlyUnknown } from '../words/values.js';

const firsts =
  'Acme Globex Initech Umbrella Northwind Contoso Fabrikam Vertex Zenith Orion Apex Summit Harbor Pioneer Redwood Bluebird Falcon Aurora Atlas Nimbus Titan Delta Omega Polaris Quantum Horizon Evergreen Silverline Maple Cobalt Granite Meridian Cascade Sterling Lighthouse Phoenix Juniper Vanguard Mercury Saturn Helios Nova'.split(
    ' ',
  );
const seconds =
  'Industries Corp Group Ltd Systems Partners Logistics Media Foods Energy Health Labs Trading Works Software Bank Motors Solutions Holdings GmbH'.split(
    ' ',
  );
const people =
  'Anna Ben Clara David Elena Felix Grace Hugo Irene Jonas Karen Liam Maria Noah Olivia Peter Rosa Samuel Tina Victor'.split(
    ' ',
  );
const families =
  'Smith Miller Garcia Weber Rossi Novak Tanaka Brown Keller Lopez Martin Fischer Olsen Patel Kim Young Schmidt Moreau Silva Larsen'.split(
    ' ',
  );
const subjects = [
  'Call back',
  'Send quote',
  'Follow up',
  'Prepare demo',
  'Check contract',
  'Kickoff meeting',
  'Review invoice',
  'Site visit',
  'Quarterly review',
  'Intro call',
  'Send reminder',
  'Plan workshop',
];

/** How many subjects are texts of no list. */
const naturalShare = 0.4;

export function drawRecordName(random: Random, thing: Thing): string {
  if (/Number$/.test(thing.nameField)) return String(random.integer(1, 99999)).padStart(8, '0');
  if (thing.nameField === 'Subject')
    return random.chance(naturalShare) ? naturalText(random) : partlyUnknown(random, random.pick(subjects));
  if (['Contact', 'Lead', 'User'].includes(thing.api))
    return `${random.pick(people)} ${random.chance(0.4) ? madeUp(random) : random.pick(families)}`;
  if (random.chance(0.25)) return naturalName(random);
  const first = partlyUnknown(random, random.pick(firsts));
  return random.weighted([
    [4, () => first],
    [4, () => `${first} ${random.pick(seconds)}`],
    [1, () => `${first} ${random.integer(1, 99)}`],
    [thing.isCustom ? 1 : 0, () => `${thing.className.slice(0, 1)}-${random.integer(1, 9999)}`],
  ])();
}
