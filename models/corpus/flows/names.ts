/** Names without end that a flow's steps speak of: subjects, queues, channels, actions. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import { withUnknownWords } from '../words/invented.js';
import { naturalDuty, naturalText } from '../words/sentences.js';

/** How many texts have words that nobody knows. */
const unknownShare = 0.2;
/** How many texts are of no list's making, so that they have to be read to their end. */
const naturalShare = 0.45;

const verbs =
  'call|review|check|verify|prepare|send|schedule|confirm|update|complete|archive|inspect|sign|print|collect|close|plan|contact|visit|invite|refund|renew|audit|escalate|document|approve|correct|investigate|assess|clean|deliver|book|order|pay|remind|onboard|qualify|evaluate|validate|finalize|draft|file|negotiate|cancel|return|replace|repair|register|upload|translate|test|compare|count|merge|reconcile|revise';
const targets =
  'customer|contract|quote|documents|address|offer|proposal|invoice|payment|shipment|order|account|credit|references|demo|meeting|kickoff|renewal|terms|budget|details|data|records|request|complaint|report|summary|forecast|agreement|visit|delivery|warranty|parts|equipment|inventory|certificate|training|interview|candidate|site|permit|discount|price list|tax form|bank details|phone number|delivery date|open points|missing fields|next steps|purchase order|credit limit|safety check|service level|key account|status report|signature|receipt|passport|insurance|lease|keys|badge|laptop|survey';
const wholeTasks =
  'follow up|call back|welcome call|discovery call|check in|schedule demo|send contract|prepare quote|final review|kick off meeting|quality check|credit check|site visit|data cleanup|renewal talk|handover|second opinion|exit interview|health check|risk review|get signature|say thank you|background check|intro call|debrief|cost review|chase payment|set up access|ask for feedback|resolve the issue|root cause analysis';
const news =
  'welcome|welcome aboard|action required|please review|reminder|thank you|thanks for your order|status changed|status update|request received|approval needed|next steps|heads up|your request|important update|good news|we are on it|final reminder|second notice|payment received|payment overdue|deadline missed|deadline approaching|new assignment|please confirm|time to renew|your feedback|we miss you|see you soon|congratulations|deal won|deal lost|high value deal|hot lead|urgent case|escalation|stock low|data missing|record deleted|weekly summary|daily digest|monthly report|contract expiring|overdue|closed|case closed|case received|how did we do|please pay|please sign|sign here|invoice attached|documents missing|quick question|at risk|needs attention|urgent|new entry|your order shipped|appointment confirmed|we received your application|survey';
const things =
  'contract|invoice|order|request|application|case|account|shipment|subscription|quote|booking|delivery|ticket|claim|refund|payment|project|appointment|membership|license|report|visit|budget|inspection|certificate|device|permit|loan|policy|renewal';
const states =
  'received|approved|rejected|closed|expired|overdue|updated|created|deleted|confirmed|cancelled|shipped|expiring soon|on hold|at risk|waiting for you|ready|missing|pending|escalated|completed|changed|due soon|signed|lost|won|in review';
const areas =
  'Support|Billing|Sales|Escalations|Back Office|Field Service|Renewals|Onboarding|Returns|Logistics|Marketing|Operations|Compliance|Collections|Partners|Inside Sales|Customer Success|Claims|Quality|Legal Review|Procurement|Warehouse|Dispatch|Retention|Web Leads|Inbound|Triage|Complaints|Help Desk|Accounts Receivable|Payroll|Recruiting|Facilities|Security|Data Stewards|Order Desk|Service Desk|Technical Support|Credit Control|Fraud|Refunds|Installations|Maintenance|Key Accounts|Pricing|Bid Desk|Disputes|Underwriting|Admissions|Events|Grants|Spare Parts';
const regions =
  'EMEA|APAC|US|UK|Nordic|DACH|North|South|East|West|Global|Berlin|Paris|Tokyo|Boston|Canada|LATAM|Iberia|Asia|Benelux|Austria|Texas|Midwest';
const levels =
  'Team|Tier 1|Tier 2|Tier 3|Level 2|VIP|Priority|Gold|Night Shift|Specialists|Experts|Desk|Review|Intake';
const channels =
  'Sales|Support|Alerts|General|Finance|Wins|Deals|Incidents|Operations|Marketing|Announcements|Leads|Escalations|Renewals|Engineering|Big Deals|Customer Success|Field Team|Leadership|Logistics|Random|Revenue|Onboarding|Churn|Shipping|News|Team Updates|Hot Leads|Service|Product|Data Quality|Closing|Partners|Hiring|Warehouse|Security|Daily Standup|War Room|Celebrations|Billing Alerts';
const actionVerbs =
  'Sync|Create|Calculate|Send|Check|Update|Notify|Archive|Export|Import|Validate|Enrich|Score|Publish|Generate|Refresh|Push|Recalculate|Assign|Merge|Geocode|Close|Start|Register|Post|Print|Route|Purge|Anonymize|Clone|Track|Book|Verify|Deduplicate|Reserve|Convert|Upload|Transfer|Reset|Schedule';
const actionTargets =
  'To ERP|To SAP|Pdf|PDF|Score|Sms|SMS|Credit|Ledger|Partner|Files|Address|Invoice|Contract|Tax|Commission|Territory|Stock|Shipment|Label|Discount|Price Book|Payment|Customer Data|With Jira|To Data Warehouse|Consent|Quote|Report|Risk|Forecast|Inventory|Duplicates|Subscription|License|Entitlements|Survey|Backup|Order|Renewal|To Netsuite|Rates|Documents|Team|Webhook|Warranty|Account Health|Lead Score|Exchange Rates|Usage|Calendar';

/** What somebody is to do: `Call back`, `Check the credit limit`; its first letter is a capital. */
export function drawTaskSubject(random: Random): string {
  if (random.chance(naturalShare))
    return capitalized(random.chance(0.4) ? naturalDuty(random) : naturalText(random));
  const known = phrase(
    random,
    `{{${wholeTasks}}|{${wholeTasks}}|{${verbs}} {||the|new} {${targets}}|{${verbs}} {||the} {${targets}}}`,
  );
  return capitalized(withUnknownWords(random, known, { share: unknownShare }));
}

/** What is done, as a noun: `credit check`; lower case. */
export function drawErrand(random: Random): string {
  const known = phrase(
    random,
    `{welcome call|discovery call|follow up|final review|quality check|credit check|site visit|data cleanup|renewal call|handover|exit interview|health check|risk review|background check|intro call|cost review|root cause analysis|{contract|document|address|invoice|safety|budget|compliance|price|risk|damage|warranty|order|stock|tax|payment|account} {review|check|update|audit|inspection|verification|assessment}}`,
  );
  return withUnknownWords(random, known, { share: unknownShare });
}

/** What somebody is to do as a verb: `check the credit limit`; lower case. */
export function drawDuty(random: Random): string {
  if (random.chance(naturalShare)) return naturalDuty(random);
  const known = phrase(
    random,
    `{{${verbs}} {the|the|their} {${targets}}|call {them|the customer} back|call {them|the customer}|follow up|get in touch|say thank you}`,
  );
  return withUnknownWords(random, known, { share: unknownShare, keepsFirst: true });
}

/** The subject of an email. */
export function drawEmailSubject(random: Random): string {
  if (random.chance(naturalShare)) return naturalText(random);
  const known = phrase(
    random,
    `{{${news}}|{${news}}|{your|your|new|} {${things}} {${states}}|{${things}} {${states}}|please {${verbs}} the {${targets}}|{${targets}} {${states}}|{new|urgent|overdue|open} {${things}}}`,
  );
  const subject = withUnknownWords(random, known, { share: unknownShare });
  if (random.chance(0.1)) return subject;
  return random.chance(0.15) ? titled(subject) : capitalized(subject);
}

export function drawQueue(random: Random): string {
  const known = phrase(
    random,
    `{{${areas}}|{${areas}}|{${areas}}|{${regions}} {${areas}}|{${areas}} {${regions}}|{${areas}} {${levels}}|{${levels}} {${areas}}|{Tier 1|Tier 2|Tier 3|Level 2|VIP|Second Line|First Line}}`,
  );
  return withUnknownWords(random, known, { share: unknownShare });
}

export function drawChannel(random: Random): string {
  const known = phrase(
    random,
    `{{${channels}}|{${channels}}|{${regions}} {${channels}}|{${channels}} {${regions}}}`,
  );
  return withUnknownWords(random, known, { share: unknownShare });
}

/** Of its words, `Sync To ERP`; the action is their sequence without blanks. */
export function drawAction(random: Random): string {
  const known = phrase(random, `{${actionVerbs}} {${actionTargets}}`);
  return withUnknownWords(random, known, { share: unknownShare });
}

/** `call back` → `Call Back`. */
export function titled(text: string): string {
  return text.split(' ').map(capitalized).join(' ');
}

/** `Call back` → `Call_Back`: words of letters and digits with capitals, joined as names of steps are. */
export function stepName(...parts: readonly string[]): string {
  const words = parts.join(' ').split(/[^A-Za-z0-9]+/);
  return words
    .filter((word) => word !== '')
    .map(capitalized)
    .join('_');
}

/** What could belong to the sentence around it: signs, and words that begin another part. */
const notBare =
  /[^A-Za-z0-9 -]| (?:for|due|in|by|to|then|and|or|if|when|after|before|until|without|with|at|of|on|from|about|but|who|what|how|why|is|are|was|has|have|had|be|must|can|cannot|will|should|may|does|today|tomorrow|every|all|any|no|not|we|you|it|they|them|us|I|me)(?: |$)/i;

/** In quotes of the one or the other sort, mostly; bare where `isBareClear` and nothing in it could belong to the sentence. */
export function quoted(random: Random, text: string, isBareClear: boolean, bareShare = 0.4): string {
  if (isBareClear && random.chance(bareShare) && !notBare.test(text)) return text;
  return random.chance(0.7) ? `'${text}'` : `"${text}"`;
}

/** `a` or `an`, by the sound as far as our words go. */
export function withArticle(noun: string): string {
  const word = noun.replace(/^['"]/, '');
  const isVowel = /^[aeiou]/i.test(word) && !/^(us|uni|euro|one|uti)/i.test(word);
  return `${isVowel || /^(hour|uni[nm]|unid|unu|usher)/i.test(word) ? 'an' : 'a'} ${noun}`;
}
