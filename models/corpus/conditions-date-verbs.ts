/** Verbs of dates: what closes, expires, was born. */
type Tenses = { readonly past: string; readonly future: string; readonly any: string };

/** Verbs of dates that are known to all objects that have them. */
export const verbs: Readonly<Record<string, Tenses>> = {
  CreatedDate: {
    past: '{created|created|created|created|that were created|which were created|added|that were added|entered|opened|that came in|that have been created}',
    future: 'created',
    any: '{created|created|that were created|added}',
  },
  LastModifiedDate: {
    past: '{modified|modified|changed|updated|last modified|last changed|that were modified|that were changed|edited|touched|last updated|that have been modified}',
    future: 'modified',
    any: '{modified|changed|updated|last modified|that were changed|edited}',
  },
  CloseDate: {
    past: '{that closed|with a close date}',
    future: '{closing|closing|that close|due to close|expected to close|set to close}',
    any: '{closing|closing|that close|due to close|expected to close}',
  },
  ActivityDate: {
    past: '{due|due|that were due}',
    future: '{due|due|that are due|falling due}',
    any: '{due|due|that are due}',
  },
  Due_Date__c: {
    past: '{due|due|that were due}',
    future: '{due|due|that are due|falling due}',
    any: '{due|due|that are due}',
  },
  ClosedDate: {
    past: '{closed|closed|that were closed}',
    future: 'closed',
    any: '{closed|that were closed}',
  },
  StartDate: {
    past: '{that started|started}',
    future: '{starting|starting|that start|beginning}',
    any: '{starting|that start|beginning}',
  },
  Start_Date__c: {
    past: '{that started|started}',
    future: '{starting|starting|that start|beginning}',
    any: '{starting|that start|beginning}',
  },
  StartDateTime: {
    past: '{that started|started}',
    future: '{starting|starting|that start|beginning}',
    any: '{starting|that start|beginning}',
  },
  EndDate: { past: '{that ended|ended}', future: '{ending|ending|that end}', any: '{ending|that end}' },
  End_Date__c: { past: '{that ended|ended}', future: '{ending|ending|that end}', any: '{ending|that end}' },
  EndDateTime: { past: '{that ended|ended}', future: '{ending|ending|that end}', any: '{ending|that end}' },
  Expiration_Date__c: {
    past: '{that expired|expired}',
    future:
      '{expiring|expiring|expiring|that expire|that will expire|set to expire|due to expire|about to expire|running out|that run out}',
    any: '{expiring|expiring|that expire}',
  },
  PurchaseDate: {
    past: '{purchased|bought|that were purchased}',
    future: 'purchased',
    any: '{purchased|bought}',
  },
  InstallDate: {
    past: '{installed|that were installed}',
    future: 'to be installed',
    any: '{installed|installed|that were installed}',
  },
  Birthdate: { past: '{born|born|who were born}', future: 'born', any: '{born|born|who were born}' },
  EffectiveDate: { past: 'effective', future: 'effective', any: '{effective|that take effect}' },
  UsageEndDate: { past: '{whose usage ended}', future: '{whose usage ends}', any: '{whose usage ends}' },
  Expiry_Date__c: {
    past: '{whose expiry date was}',
    future: '{whose expiry date is}',
    any: '{whose expiry date is}',
  },
  Renewal_Date__c: {
    past: '{that renewed|renewed}',
    future: '{renewing|up for renewal|that renew|due for renewal}',
    any: '{renewing|up for renewal}',
  },
  Hire_Date__c: { past: '{hired|that were hired}', future: 'hired', any: 'hired' },
  Delivery_Date__c: {
    past: 'delivered',
    future: '{to be delivered|due for delivery}',
    any: 'due for delivery',
  },
};
/** Verbs of clauses: `it was created`, `it closes`. */
export const clauseVerbs: Readonly<Record<string, Tenses>> = {
  CreatedDate: { past: 'it was {created|created|added}', future: 'it was created', any: 'it was created' },
  LastModifiedDate: {
    past: 'it was {modified|changed|last modified|updated}',
    future: 'it was modified',
    any: 'it was {modified|changed}',
  },
  CloseDate: {
    past: 'it {closed|was due to close}',
    future: 'it {closes|is due to close|is closing}',
    any: 'it {closes|is due to close}',
  },
  ActivityDate: { past: 'it was due', future: 'it is due', any: 'it is due' },
  Due_Date__c: { past: 'it was due', future: 'it is due', any: 'it is due' },
  StartDate: { past: 'it started', future: 'it {starts|begins}', any: 'it starts' },
  Start_Date__c: { past: 'it started', future: 'it {starts|begins}', any: 'it starts' },
  EndDate: { past: 'it ended', future: 'it ends', any: 'it ends' },
  End_Date__c: { past: 'it ended', future: 'it ends', any: 'it ends' },
  Expiration_Date__c: { past: 'it expired', future: 'it expires', any: 'it expires' },
};
