/** Values that records hold: places, people, companies, codes, words. */
import type { Random } from '../random.js';
import { unknownName, unknownWord, withUnknownWords } from './invented.js';
import { naturalName } from './sentences.js';

/** How many names and values nobody knows. */
const unknownShare = 0.2;

export const countries: readonly string[] = (
  'Germany|France|Spain|Italy|Poland|Austria|Switzerland|Belgium|Netherlands|Denmark|Sweden|Norway|Finland|Ireland|' +
  'Portugal|Greece|' +
  'Canada|Mexico|Brazil|Argentina|Chile|Colombia|Peru|India|China|Japan|Singapore|Australia|Egypt|Kenya|Nigeria|' +
  'Morocco|Turkey|Israel|' +
  'Ukraine|Romania|Hungary|Croatia|Serbia|Slovenia|Estonia|Latvia|Lithuania|Iceland|Luxembourg|Vietnam|Thailand|' +
  'Indonesia|Malaysia|' +
  'South Africa|South Korea|New Zealand|United States|United Kingdom|Czech Republic|Saudi Arabia|USA|UK|Scotland|' +
  'Philippines|Qatar|Cuba|Ghana|' +
  'Korea|Taiwan|Pakistan|Bangladesh|Nepal|Sri Lanka|Kazakhstan|Uzbekistan|Iran|Iraq|Jordan|Lebanon|Kuwait|Oman|' +
  'Bahrain|United Arab Emirates|UAE|' +
  'Algeria|Tunisia|Ethiopia|Uganda|Tanzania|Rwanda|Senegal|Cameroon|Zambia|Zimbabwe|Botswana|Namibia|Mozambique|' +
  'Angola|Ivory Coast|Madagascar|' +
  'Ecuador|Bolivia|Paraguay|Uruguay|Venezuela|Costa Rica|Guatemala|Honduras|Nicaragua|El Salvador|' +
  'Dominican Republic|Jamaica|Haiti|Trinidad|' +
  'Slovakia|Bulgaria|Bosnia|Montenegro|Albania|North Macedonia|Moldova|Belarus|Cyprus|Malta|Liechtenstein|Monaco|' +
  'Andorra|Armenia|Azerbaijan|' +
  'Mongolia|Cambodia|Laos|Myanmar|Fiji|Papua New Guinea|England|Wales|Northern Ireland|US|The Netherlands|Czechia|' +
  'Russia|Afghanistan|Greenland|' +
  'Germany|France|Spain|Italy|Japan|Austria|Switzerland|Canada|Mexico|Brazil|India|Australia|Chile|Norway|Sweden|' +
  'USA|UK|Poland'
).split('|');

export const cities: readonly string[] = (
  'Berlin|Munich|Hamburg|Cologne|Frankfurt|Stuttgart|Leipzig|Dresden|Paris|Lyon|Marseille|Nice|Bordeaux|Madrid|' +
  'Barcelona|Seville|' +
  'Valencia|Rome|Milan|Naples|Turin|Venice|Warsaw|Krakow|Gdansk|Vienna|Graz|Salzburg|Zurich|Geneva|Basel|Bern|' +
  'Brussels|Antwerp|Ghent|' +
  'Amsterdam|Rotterdam|Utrecht|Copenhagen|Aarhus|Stockholm|Malmo|Oslo|Bergen|Helsinki|Dublin|Cork|Lisbon|Porto|' +
  'Athens|London|Leeds|' +
  'Manchester|Bristol|Glasgow|Edinburgh|Boston|Chicago|Denver|Seattle|Austin|Dallas|Houston|Miami|Atlanta|Portland|' +
  'Phoenix|Detroit|' +
  'Toronto|Montreal|Vancouver|Ottawa|Calgary|Lima|Bogota|Santiago|Mumbai|Delhi|Chennai|Pune|Shanghai|Beijing|Tokyo|' +
  'Osaka|Kyoto|Seoul|' +
  'Sydney|Melbourne|Perth|Brisbane|Auckland|Cairo|Nairobi|Lagos|Casablanca|Istanbul|Ankara|Prague|Brno|Budapest|' +
  'Bucharest|Zagreb|Riga|' +
  'Vilnius|Tallinn|Kyiv|Lviv|New York|San Francisco|Los Angeles|San Diego|Las Vegas|Cape Town|Hong Kong|Tel Aviv|' +
  'Buenos Aires|' +
  'Rio de Janeiro|Kuala Lumpur|Salt Lake City|New Orleans|Philadelphia|Nashville|Memphis|Tampa|Orlando|Hanover|' +
  'Bremen|Lille|Bilbao|' +
  'Dusseldorf|Dortmund|Essen|Nuremberg|Bonn|Mannheim|Freiburg|Kiel|Rostock|Erfurt|Mainz|Linz|Innsbruck|Lausanne|' +
  'Lucerne|Bruges|The Hague|Eindhoven|' +
  'Odense|Gothenburg|Uppsala|Trondheim|Stavanger|Tampere|Turku|Espoo|Reykjavik|Galway|Belfast|Cardiff|Liverpool|' +
  'Birmingham|Sheffield|Nottingham|' +
  'Cambridge|Oxford|Brighton|Southampton|Aberdeen|Dundee|Toulouse|Nantes|Strasbourg|Montpellier|Rennes|Grenoble|' +
  'Malaga|Zaragoza|Granada|Palma|' +
  'Florence|Bologna|Genoa|Palermo|Verona|Pisa|Coimbra|Braga|Thessaloniki|Sofia|Varna|Belgrade|Novi Sad|Ljubljana|' +
  'Bratislava|Sarajevo|Skopje|Tirana|' +
  'Minsk|Odesa|Wroclaw|Poznan|Lodz|Szczecin|Katowice|Kaunas|Tartu|Ostrava|Debrecen|Cluj|Timisoara|Split|Izmir|' +
  'Antalya|Tbilisi|Yerevan|Baku|' +
  'Dubai|Abu Dhabi|Doha|Riyadh|Jeddah|Amman|Beirut|Baghdad|Tehran|Karachi|Lahore|Islamabad|Dhaka|Colombo|Kathmandu|' +
  'Bangalore|Hyderabad|Kolkata|' +
  'Jaipur|Bangkok|Hanoi|Saigon|Jakarta|Manila|Cebu|Taipei|Shenzhen|Guangzhou|Chengdu|Busan|Nagoya|Sapporo|Fukuoka|' +
  'Yokohama|Hiroshima|Adelaide|' +
  'Canberra|Hobart|Wellington|Christchurch|Johannesburg|Durban|Pretoria|Accra|Addis Ababa|Kampala|Dakar|Kigali|' +
  'Lusaka|Harare|Tunis|Algiers|Rabat|' +
  'Marrakesh|Alexandria|Baltimore|Pittsburgh|Cleveland|Cincinnati|Columbus|Milwaukee|Minneapolis|St. Louis|' +
  'Kansas City|Omaha|Tulsa|San Antonio|' +
  'El Paso|Tucson|Albuquerque|Sacramento|San Jose|Oakland|Fresno|Charlotte|Raleigh|Richmond|Savannah|Louisville|' +
  'Buffalo|Rochester|Boise|Spokane|' +
  'Honolulu|Anchorage|Edmonton|Winnipeg|Halifax|Guadalajara|Monterrey|Tijuana|Medellin|Cali|Quito|Guayaquil|' +
  'Caracas|La Paz|Montevideo|Asuncion|' +
  'Cordoba|Rosario|Mendoza|Valparaiso|Sao Paulo|Brasilia|Salvador|Recife|Curitiba|Havana|San Juan|Kingston|' +
  'Washington|Jacksonville|Indianapolis'
).split('|');

export const states: readonly string[] =
  'California|Texas|Florida|Nevada|Ohio|Oregon|Utah|Virginia|Georgia|Michigan|New Jersey|Bavaria|Hesse|Saxony|Ontario|Quebec|Victoria|CA|NY|TX'.split(
    '|',
  );

export const firstNames: readonly string[] = (
  'Anna|Ben|Carla|David|Elena|Frank|Grace|Hugo|Ines|Jonas|Karen|Leo|Maria|Nina|Oscar|Paula|Quinn|Rosa|Sam|Tina|Uma|' +
  'Victor|Wendy|Xavier|' +
  'Yara|Zoe|Ahmed|Priya|Kenji|Mei|Ivan|Olga|Lars|Freya|Mateo|Lucia|Noah|Emma|Liam|Sofia|Omar|Aisha|Piotr|Marta|Tom|' +
  'Julia|John|Jane|Peter|Lisa'
).split('|');

export const lastNames: readonly string[] = (
  'Miller|Smith|Garcia|Novak|Kowalski|Schmidt|Weber|Rossi|Silva|Tanaka|Kim|Nguyen|Patel|Khan|Ivanov|Larsen|Hansen|' +
  'Berg|Dubois|Martin|' +
  'Moreau|Lopez|Torres|Costa|Jensen|Lind|Fischer|Wagner|Becker|Hoffmann|Brown|Taylor|Wilson|Clark|Lewis|Walker|' +
  'Young|King|Wright|Baker|' +
  'Carter|Reed|Cook|Morgan|Bell|Murphy|Bailey|Cooper|Cox|Ward|Gray|Doe|Meyer|Okafor|Haddad'
).split('|');

const companyFirst = (
  'Acme|Northwind|Contoso|Globex|Initech|Umbrella|Stark|Wayne|Vandelay|Hooli|Soylent|Cyberdyne|Apex|Blue Ocean|' +
  'Bright|Summit|Pioneer|' +
  'Vertex|Delta|Omega|Nova|Orion|Atlas|Zenith|Quantum|Evergreen|Redwood|Silverline|Ironclad|Skyline|Harbor|Granite|' +
  'Falcon|Polaris|Lumen|' +
  'Helix|Cobalt|Maple|Sequoia|Tundra|Aurora|Crescent|Keystone|Lakeside|Riverside|Hilltop|Golden Gate|Edge|United|' +
  'General|Express|Universal'
).split('|');
const companyLast =
  'Corp|Inc|Ltd|GmbH|Group|Traders|Logistics|Systems|Labs|Foods|Energy|Media|Partners|Holdings|Industries|Solutions|Services|Motors|Pharma|Bank|Works'.split(
    '|',
  );

/** Words that stand in names and values. */
export const valueWords: readonly string[] = (
  'Alpha|Beta|Gamma|Delta|Omega|Falcon|Eagle|Tiger|Panda|Maple|Cedar|Oak|River|Ocean|Mountain|Desert|Sunrise|' +
  'Sunset|Winter|Summer|Spring|' +
  'Autumn|Red|Blue|Green|Black|White|Golden|Silver|Crystal|Diamond|Ruby|Emerald|Mercury|Venus|Mars|Jupiter|Saturn|' +
  'Neptune|Phoenix|Dragon|' +
  'Castle|Bridge|Tower|Garden|Harbor|Island|Valley|Forest|Meadow|Canyon|Prime|Core|Plus|Pro|Max|Ultra|Basic|' +
  'Classic|Modern|Urban|Rural|' +
  'Central|Upper|Lower|Inner|Outer|North|South|East|West|Fast|Slow|Quick|Smart|Bright|Quiet|Bold|Fresh|Clean|Heavy|' +
  'Light|Solid|Hybrid|' +
  'Manual|Automatic|Electric|Digital|Analog|Mobile|Remote|Onsite|Offsite|Backup|Legacy|Migration|Relaunch|' +
  'Expansion|Kickoff|Retail|Wholesale|' +
  'Economy|Business|Leisure|Cargo|Charter|Local|Global|Domestic|Foreign|Seasonal|Regular|Special|Limited|Extended|' +
  'Partial|Full|Half|Double|' +
  'Annual|Initial|Final|Repeat|Trial|Sample|Demo|Pilot|Launch|Support|Sales|Finance|Legal|Security|Kitchen|Bakery|' +
  'Dairy|Seafood|Produce'
).split('|');

export function company(random: Random): string {
  const first = random.chance(unknownShare) ? madeUp(random) : random.pick(companyFirst);
  return random.chance(0.4) ? first : `${first} ${random.pick(companyLast)}`;
}

export function person(random: Random): string {
  const last = random.chance(unknownShare) ? madeUp(random) : random.pick(lastNames);
  return random.chance(0.3) ? random.pick(firstNames) : `${random.pick(firstNames)} ${last}`;
}

/** `EU-42`, `A1007`, `KX-2031-B`. */
export function code(random: Random): string {
  const letters = (count: number): string =>
    Array.from({ length: count }, () => String.fromCharCode(65 + random.integer(0, 25))).join('');
  const digits = (count: number): string =>
    Array.from({ length: count }, () => String(random.integer(0, 9))).join('');
  switch (random.integer(0, 4)) {
    case 0:
      return `${letters(2)}-${random.integer(1, 99)}`;
    case 1:
      return `${letters(random.integer(1, 3))}${digits(random.integer(2, 4))}`;
    case 2:
      return `${letters(2)}-${digits(4)}-${letters(1)}`;
    case 3:
      return `${letters(3)}-${digits(3)}`;
    default:
      return `${random.pick(['INV', 'PO', 'SKU', 'REF', 'DOC', 'TKT', 'ORD'])}-${digits(random.integer(3, 5))}`;
  }
}

/** A word that nobody has heard: what copying is learnt from. */
export function madeUp(random: Random): string {
  const text = unknownWord(random);
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** One of `known`, some of its words others that nobody knows; or all of them. */
export function partlyUnknown(random: Random, known: string): string {
  if (!random.chance(unknownShare)) return known;
  return random.chance(0.4) ? unknownName(random) : withUnknownWords(random, known, { share: 1 });
}

/** One or two words, capitalized. */
export function openValue(random: Random): string {
  return random.weighted<() => string>([
    [4, () => random.pick(valueWords)],
    [3, () => `${random.pick(valueWords)} ${random.pick(valueWords)}`],
    [1.5, () => unknownName(random)],
    [2.5, () => naturalName(random)],
    [1, () => `${random.pick(valueWords)} ${random.integer(1, 99)}`],
    [0.8, () => `${random.pick(valueWords)} ${madeUp(random)}`],
  ])();
}
