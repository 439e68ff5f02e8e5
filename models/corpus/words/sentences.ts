/**
 * Texts as people put them into quotes: subjects, messages, reasons. Half are sentences, half are words in no order: a text in
 * quotes is to be copied, whatever it says, so none of them may be guessed from its beginning.
 */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import { unknownWord } from './invented.js';

const nouns: readonly string[] = (
  'account|agreement|answer|apology|application|appointment|area|balance|bill|blood|board|boiler|booking|box|branch|bridge|building|bus|cable|calendar|call|car|card|care|certificate|change|chat|check|child|choice|' +
  'claim|class|client|code|colleague|complaint|computer|contract|copy|cost|course|customer|damage|date|day|deal|debt|delay|delivery|desk|device|dinner|doctor|document|door|draft|driver|email|engine|entry|error|evening|' +
  'event|exam|expense|family|farm|fee|feedback|field|file|fire|flight|floor|folder|food|form|friend|garden|gas|goal|group|guest|handover|harvest|health|heating|help|home|hour|house|idea|incident|inspection|invoice|item|' +
  'job|journey|key|kitchen|lab|laptop|leak|lease|lesson|letter|library|licence|light|list|load|loan|lot|lunch|machine|mail|manager|meal|meeting|member|message|meter|minute|mistake|model|money|month|morning|name|' +
  'neighbour|news|newsletter|night|note|notice|number|nurse|offer|office|order|package|page|paper|parcel|parent|parking|part|partner|party|password|patient|payment|permit|person|phone|photo|picture|pipeline|place|plan|' +
  'plant|player|policy|pool|power|price|printer|problem|process|product|programme|project|promise|proof|proposal|pump|pupil|question|quote|rain|rate|reading|receipt|record|refund|region|reminder|rent|repair|reply|' +
  'report|request|response|result|return|review|road|roof|room|route|rule|safety|sale|sample|schedule|school|score|season|seat|service|session|shift|ship|shop|signature|site|skill|slot|software|solution|space|staff|stand|' +
  'station|stock|stop|storage|store|story|student|summary|summer|supplier|support|survey|table|target|tax|teacher|team|tenant|term|ticket|time|title|tool|tour|town|track|trade|train|training|treatment|trip|truck|update|' +
  'user|value|van|vehicle|venue|vet|video|view|visit|visitor|voice|volunteer|voucher|wall|warehouse|warning|warranty|water|way|website|week|weekend|weight|window|winter|word|work|worker|workshop|year'
).split('|');
const verbs: readonly string[] = (
  'accept|add|agree|allow|announce|answer|approve|arrange|ask|assign|audit|bill|book|bring|build|call|cancel|celebrate|change|charge|chase|check|choose|clean|clear|close|collect|confirm|contact|copy|count|decide|deliver|' +
  'document|draft|email|escalate|explain|extend|file|fill|find|finish|fix|follow|forward|get|give|hand|help|hire|inform|inspect|install|introduce|investigate|invite|join|keep|know|lead|leave|let|look|lose|mail|' +
  'make|measure|meet|mention|miss|move|need|offer|open|order|organise|pack|pay|phone|pick|plan|post|prepare|present|print|promise|publish|put|reach|read|receive|refund|reject|remember|remind|remove|renew|repair|' +
  'replace|reply|report|request|rescue|reserve|return|review|revisit|ring|say|scan|schedule|sell|send|settle|share|ship|show|sign|sort|speak|start|stop|store|submit|support|switch|take|talk|teach|tell|test|thank|' +
  'train|translate|transport|try|turn|update|use|verify|visit|wait|warn|wash|watch|welcome|win|work|write'
).split('|');
const participles: readonly string[] = (
  'accepted|added|approved|arranged|arrived|assigned|booked|broken|cancelled|changed|charged|checked|cleared|closed|completed|confirmed|created|declined|delayed|deleted|delivered|doubled|dropped|escalated|exceeded|expired|extended|' +
  'failed|filed|finished|fixed|forgotten|found|granted|handed over|improved|installed|left|logged|lost|made|missed|moved|opened|ordered|paid|planned|posted|printed|published|raised|reached|received|refunded|rejected|released|' +
  'removed|renewed|repaired|replaced|reported|rescheduled|reserved|returned|reviewed|scheduled|sent|shipped|signed|sold|started|stopped|submitted|switched off|switched on|taken off the list|updated|used up|withdrawn|won'
).split('|');
const qualities: readonly string[] = (
  'active|annual|big|blank|blocked|broken|busy|clean|cold|correct|critical|daily|delayed|due|early|easy|empty|expensive|extra|fair|fast|final|first|free|fresh|full|gold|good|great|happy|hard|heavy|high|hot|important|incomplete|' +
  'invalid|large|last|late|local|long|loose|low|main|minor|missing|monthly|negative|new|next|nice|old|online|open|overdue|personal|poor|possible|private|public|quick|quiet|ready|regional|required|right|safe|second|' +
  'serious|short|silent|slow|small|special|stale|strange|strong|sudden|top|unanswered|unclear|unpaid|unusual|urgent|valid|warm|weekly|wet|wrong|young'
).split('|');
const small: readonly string[] = (
  'a|the|the|your|your|our|our|this|that|all|any|some|every|more|no|not|two|for|of|of|to|to|in|on|at|by|with|from|after|before|about|without|until|again|now|soon|still|here|today|tomorrow|please|and|and|or|but|is|is|are|was|has|have|' +
  'had|be|been|must|can|cannot|will|should|may|does|we|we|you|you|it|it|they|them|us|I|me|who|what|when|why|how|there|too|very|only|just|back|up|off|out|over'
).split('|');
const days: readonly string[] =
  'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|tomorrow|the end of the month|next week|noon'.split(
    '|',
  );

const oneThing = '{<noun>|<noun>|<noun> <noun>|<quality> <noun>}';
const whose = '{the|the|your|our|this|their|a|every}';

const sentences: readonly string[] = [
  `${whose} ${oneThing} {has|has been|is|was} <participle>`,
  `${oneThing} <participle>`,
  `{|new |another }${oneThing} <participle> {by|in|from|for} {the|our|a} <noun>`,
  `{please |} <verb> ${whose} ${oneThing}`,
  `<verb> ${whose} ${oneThing} {before|by|after|until|on} <day>`,
  `<verb> {them|them back|it|it again|us} {|about the <noun>|with a <noun>|today|again}`,
  `${oneThing} {is|is still|is now|is not} <quality>`,
  `${oneThing} {needs|requires|has|lacks} {a|an extra|another|your|the} ${oneThing}`,
  `${whose} ${oneThing} {must|cannot|can not|should|may not|needs to|will} {be <participle>|<verb> {a|the|another} <noun>}`,
  `{a|an} ${oneThing} {must have|needs|cannot have|without} {a|an|any} ${oneThing}`,
  `{how was|where is|what about|who needs|did you like|do you still need} {your|the|our} ${oneThing}?`,
  `{we|we|you} <verb> {you|it|them|your <noun>|the <noun>|one}`,
  `{time to|ready to|how to|remember to} <verb> {|the|your} ${oneThing}`,
  `{thanks|thank you|welcome|congratulations|sorry}{| again|, } {for|to|about|on} {your|the|our} ${oneThing}`,
  `{only|no|not all} <noun> {may|can|must} <verb> {this|a <noun>|<noun>s}`,
  `${oneThing}: <quality> <noun>`,
  `${oneThing} {and|or|for|of|with} ${oneThing}`,
  `<quality> <noun>{, <quality> <noun>|}`,
  `{first|second|last|final} <noun> <participle>{|!}`,
  `${oneThing} {#|no. |}{7|12|26|31|48|103|2025|2026}`,
  `{do not|never|always} <verb> {the|a|your} ${oneThing}`,
];

const words = { noun: nouns, verb: verbs, participle: participles, quality: qualities, small, day: days };

/** One wording of a template (phrase.ts) in which `<noun>` and the like are words of that list. */
function said(random: Random, template: string): string {
  return phrase(random, template).replace(/<(\w+)>/g, (_whole, sort: keyof typeof words) =>
    random.pick(words[sort]),
  );
}

/** How many texts are sentences; the others are words in no order. */
const sentenceShare = 0.55;
const wordsMax = 8;

/** Of two to ten words and without quotes of any sort: `Your parcel has arrived`, `Close the week`, `Meter who of late Drand`. */
export function naturalText(random: Random): string {
  for (;;) {
    const text = random.chance(sentenceShare) ? said(random, random.pick(sentences)) : shuffledWords(random);
    const count = text.split(' ').length;
    if (count >= 2 && count <= wordsMax + 2) return random.chance(0.88) ? capitalized(text) : text;
  }
}

function shuffledWords(random: Random): string {
  const count = random.integer(2, wordsMax);
  const texts = Array.from({ length: count }, () => aWord(random));
  const comma = random.chance(0.06) && count > 3 ? random.integer(0, count - 2) : -1;
  const joined = texts.map((text, at) => (at === comma ? `${text},` : text)).join(' ');
  return random.chance(0.1) ? joined + random.pick(['!', '?', '.']) : joined;
}

function aWord(random: Random): string {
  const draws = random.weighted<() => string>([
    [40, () => random.pick(nouns)],
    [16, () => random.pick(verbs)],
    [10, () => random.pick(participles)],
    [14, () => random.pick(qualities)],
    [30, () => random.pick(small)],
    [5, () => capitalized(unknownWord(random))],
    [7, () => unknownWord(random)],
    [3, () => String(random.integer(2, 400))],
  ]);
  return draws();
}

/** `ring the patient`, `send our tenant a new lease`: what somebody is to do; lower case, no signs. */
export function naturalDuty(random: Random): string {
  return said(
    random,
    `{<verb> {the|the|their|our|a} ${oneThing}|<verb> the ${oneThing}|<verb> {them|them back|it}|<verb> {the|their} <noun> {with|about|of|for} {the|a} <noun>}`,
  );
}

/** `Spring Gala`, `Late Reading`: one to three ordinary words with capitals, as records and values are called. */
export function naturalName(random: Random): string {
  const template =
    '{<noun> <noun>|<quality> <noun>|<noun> <participle>|<noun>|<participle>|<quality> <noun> <noun>}';
  return said(random, template).split(' ').map(capitalized).join(' ');
}
