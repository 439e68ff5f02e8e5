/**
 * Words that no list holds: pronounceable ones that nobody has heard, and rare real ones joined freely. A model that is to
 * copy names must not be able to know them.
 */
import { pluralOf, singularOf } from '../plurals.js';
import type { Random } from '../random.js';

/** Plain sounds stand several times: they are frequent in English too. */
const onsets =
  'b|b|c|c|d|d|d|f|f|g|h|h|j|k|l|l|l|m|m|m|n|n|n|p|p|r|r|r|s|s|s|t|t|t|v|v|w|z|qu|bl|br|ch|cl|cr|dr|fl|fr|gl|gr|ph|pl|pr|sh|sk|sl|sm|sn|sp|squ|st|str|sw|th|tr|tw||'.split(
    '|',
  );
const nuclei = 'a|a|a|a|e|e|e|e|e|i|i|i|i|o|o|o|o|u|u|u|ai|au|ea|ee|oa|oo|ou|y'.split('|');
const codas =
  '||||b|d|d|g|ck|k|l|l|m|m|n|n|n|p|r|r|s|t|t|x|ct|ff|ft|ld|lf|ll|lm|lp|lt|mp|nd|ng|nk|nt|nth|pt|rd|rf|rg|rk|rl|rm|rn|rp|rst|rt|sh|sk|st|tch|th|zz'.split(
    '|',
  );
/** Ends of syllables inside a word. */
const innerCodas = '||||||l|m|n|n|r|r|s|t|c|b|d|g|x'.split('|');
/** How such words often end. */
const endings =
  'er|or|on|en|ix|um|us|al|el|il|ar|an|in|ia|io|ic|ock|ard|ant|ent|ery|ory|ity|ling|ster|ment|ton|dale|wick|ford|ex|yx|ola|ica|ora'.split(
    '|',
  );

const rareWords: readonly string[] = (
  'abacus|acorn|adze|aglet|alcove|almanac|amber|amulet|anvil|apricot|aqueduct|arbor|argon|armada|astrolabe|aster|atoll|awning|azimuth|badger|' +
  'balustrade|banjo|barnacle|basalt|bassoon|bauble|bayou|beacon|bellows|beryl|bevel|bismuth|bobbin|bodkin|borax|bramble|brazier|brigand|' +
  'bumblebee|burlap|cactus|caldera|calico|candelabra|caravan|carafe|caribou|cassock|catkin|cauldron|celadon|chalice|chasm|chisel|cinder|cipher|' +
  'citadel|clavicle|cobweb|colander|condor|copse|coracle|cormorant|cornice|cosine|cricket|crocus|crucible|cudgel|cupola|cutlass|cypress|dahlia|' +
  'damask|dervish|dinghy|dirigible|dogwood|doldrum|dormouse|doublet|drumlin|dulcimer|easel|eddy|egret|elixir|ember|epaulet|ermine|falafel|' +
  'fathom|fennel|ferret|fescue|fjord|flagon|flotsam|foxglove|fresco|frigate|gable|galleon|gantry|gargoyle|garnet|gazebo|geyser|gherkin|gimlet|' +
  'glacier|gnome|gondola|gorge|gosling|gourd|griffin|grotto|gusset|halberd|hammock|harpoon|haystack|heron|hickory|hillock|hobnail|hornet|hyssop|' +
  'ibex|icicle|indigo|inkwell|isthmus|jackdaw|jasmine|javelin|jetsam|jigsaw|juniper|kayak|kelp|kestrel|kiln|kumquat|lagoon|lantern|lapwing|lariat|' +
  'lattice|lectern|lemur|lichen|limerick|lodestone|loom|lozenge|lynx|macaw|magpie|mallet|mandolin|mangrove|marmot|marquee|meerkat|meteor|minaret|' +
  'mongoose|monsoon|moraine|mosaic|muslin|nacelle|narwhal|nebula|nettle|nimbus|nocturne|nougat|nutmeg|oboe|obsidian|ocelot|octave|onyx|opal|' +
  'orchid|osprey|otter|oxbow|paddock|palisade|papyrus|parapet|parsnip|pavilion|pebble|pelican|pendulum|periwinkle|pewter|piccolo|pigment|pinnacle|' +
  'plover|pomelo|poplar|porcupine|portico|prism|puffin|pumice|quagmire|quartz|quasar|quiver|quokka|radish|rampart|raven|rhubarb|rivulet|rosette|' +
  'rowan|rudder|saddle|saffron|sandal|sapling|satchel|scabbard|scallop|sconce|sextant|shale|shingle|sickle|sienna|skylark|sluice|sorrel|spindle|' +
  'spruce|stalactite|starling|steeple|stirrup|sundial|swallow|sycamore|talisman|tamarind|tapir|tartan|teasel|tendril|thicket|thimble|thistle|' +
  'timpani|toucan|trellis|trident|truffle|tulip|tundra|turnip|turret|tussock|umber|vellum|viaduct|viola|vortex|walnut|walrus|weevil|wharf|wicket|' +
  'willow|wombat|yarrow|yucca|zephyr|zeppelin|zinc|zither'
).split('|');

/** What Apex and SOQL take for something else, standard names, and the short words that sentences are made of. */
const notInvented: ReadonlySet<string> = new Set(
  (
    'abstract activate aggregate allow alter analyze annotation apex array asc assert autonomous avg batch begin before bigdecimal blob boolean break ' +
    'bulk byte call case cast catch char class collect comment commit const continue contact contract account lead campaign order asset user product ' +
    'count cube cursor data date datetime decimal default delete desc digits distinct double else email end enum error event every exception excludes ' +
    'exit export extends false fields final finally first float for format from future get global goto group having hint host hour implements import ' +
    'includes inherited inner insert instance integer interface into join last left like limit list location long loop lower map merge minus minute ' +
    'month name native new next not null nulls number object offset opportunity organization outer override package parallel parse password period ' +
    'phone picklist pivot pragma private process profile protected public query quarter raise real record recycle reference relationship replace rest ' +
    'result retrieve return right rollback role rollup round row schema scope second security select self sets share sharing short signal since size ' +
    'some sort source space split start state static status stop string subject subtype such sum super switch synchronized system table target task ' +
    'test text then this throw time title today tomorrow toplabel tour transaction transient trigger trim true try type undelete unique update upper ' +
    'upsert using value values view virtual void webservice week when where while with without work year yesterday ' +
    'about above across after again against all along also among and another any anything are around away back bare because been behind being below best ' +
    'between both bring call came can change check clear close could create daily did does done down each either else ending equal even exact except few ' +
    'field find finish fire flag flow four five follow full gave give given gets goes going gone good grab have held help here high hold how inside ' +
    'into its itself just keep kept know known large late least leave less let log look lost make manager many mark matter mine miss missing monday more ' +
    'most move much must need neither nine none nor nothing notify off older once one only open other ours out over owner paid past pass place please ' +
    'post pull push put queue rather reach read ready remove route run said same saved save saying says send seen sent seven show side single sit six ' +
    'smaller sold still store take taken tell ten than that the their them there these they thing think those three through today told took top total ' +
    'touch toward true turn twelve twenty twice two under unless until upon used wait want was way well went were what whatever whenever whether which ' +
    'who whom whose will won word would write written wrote yes yet you your zero director customer admin finance legal day days night friday sunday'
  ).split(' '),
);

/** Whether a word may stand for a name: it has a plural that can be told back, and an article that its first letter tells. */
export function isFitName(word: string): boolean {
  return (
    word.length >= 4 &&
    word.length <= 14 &&
    !notInvented.has(word) &&
    !/^(?:u|eu|one|once|hour|hono|heir|y[^aeiou])|[aeiouy]{3}|(.)\1\1|[^aeiouy]{5}|[iu]{2}|aa/.test(word) &&
    !/(?:ss|ies|us|[^aeiou]s|__)$/.test(word) &&
    singularOf(pluralOf(word)) === word
  );
}

/** Of one to four syllables; lower case. */
export function inventedWord(random: Random): string {
  for (;;) {
    const count = random.weighted([
      [2, 1],
      [6, 2],
      [4, 3],
      [1, 4],
    ] as const);
    const isEnded = count > 1 && random.chance(0.35);
    const syllables = Array.from({ length: isEnded ? count - 1 : count }, (_, at) =>
      syllable(random, at === count - 1 || count === 1),
    );
    const word = syllables.join('') + (isEnded ? random.pick(endings) : '');
    if (isFitName(word)) return word;
  }
}

function syllable(random: Random, isLast: boolean): string {
  const coda = random.pick(isLast ? codas : innerCodas);
  return random.pick(onsets) + random.pick(nuclei) + coda;
}

/** One that nobody has heard, a rare one, or two rare ones in one; lower case. */
export function unknownWord(random: Random): string {
  for (;;) {
    const word = random.weighted<() => string>([
      [13, () => inventedWord(random)],
      [5, () => random.pick(rareWords)],
      [2, () => random.pick(rareWords) + random.pick(rareWords)],
    ])();
    if (isFitName(word)) return word;
  }
}

/** One to three unknown words, as a record is called: each with a capital, now and then a number behind. */
export function unknownName(random: Random): string {
  const count = random.weighted([
    [6, 1],
    [3, 2],
    [0.6, 3],
  ] as const);
  const words = Array.from({ length: count }, () => capital(unknownWord(random)));
  return random.chance(0.07) ? `${words.join(' ')} ${random.integer(2, 99)}` : words.join(' ');
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

export interface FreeWords {
  readonly share: number;
  /** The first word says what is done and stays. */
  readonly keepsFirst?: boolean;
}

/** Of so many texts some words, at least one, are others that nobody knows; each is written as the one before it. */
export function withUnknownWords(random: Random, text: string, { share, keepsFirst }: FreeWords): string {
  if (!random.chance(share)) return text;
  const words = text.split(' ');
  const places = [...words.keys()].filter(
    (at) => /^[A-Za-z]{3,}$/.test(words[at]!) && !(keepsFirst === true && at === 0) && !small.has(words[at]!),
  );
  if (places.length === 0) return text;
  const sure = random.pick(places);
  for (const at of places) {
    if (at !== sure && !random.chance(0.35)) continue;
    const word = unknownWord(random);
    words[at] = /^[A-Z]/.test(words[at]!) ? capital(word) : word;
  }
  return words.join(' ');
}

const small: ReadonlySet<string> = new Set(
  'the their them and this that your you and for with not may must are cannot please'.split(' '),
);
