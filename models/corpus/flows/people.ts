/** People that flows speak of, and how users name them. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { phrase } from '../phrase.js';

export type Who = 'owner' | 'manager' | 'contact' | 'customer' | 'director' | 'admin' | 'finance' | 'legal';

/** LABEL stands for the object's. */
const sayings: Readonly<Record<Who, string>> = {
  owner: '{the owner|the owner|the owner|its owner|the record owner|the LABEL owner|the owner of the LABEL|the LABEL\'s owner}',
  manager: "{the manager|the manager|the manager|the manager|the owner's manager|the line manager|the responsible manager|a manager}",
  contact: '{the contact|the contact|the contact person|its contact}',
  customer: '{the customer|the customer|the customer|the client}',
  director: '{the director|the director|the director|the responsible director|a director}',
  admin: '{the admin|the admin|an admin|the administrator|the system administrator|the system admin|the Salesforce admin|the org admin|the sysadmin|our admin}',
  finance: '{finance|the finance team|the finance team|the finance department|Finance|our finance team|finance department|the finance people|the finance group}',
  legal: '{legal|the legal team|the legal team|the legal department|Legal|our legal team|legal department|the legal people|the legal group}',
};

const inside: readonly (readonly [number, Who])[] = [
  [6, 'owner'],
  [5, 'manager'],
  [2.5, 'director'],
  [2.5, 'admin'],
  [2.5, 'finance'],
  [2.5, 'legal'],
];
const everybody: readonly (readonly [number, Who])[] = [...inside, [2.5, 'contact'], [3, 'customer']];
const deciders: readonly (readonly [number, Who])[] = [
  [5, 'manager'],
  [5, 'director'],
  [3, 'finance'],
  [3, 'legal'],
  [1.5, 'admin'],
  [1.5, 'owner'],
];

export function drawRecipient({ random }: Draw): Who {
  return random.weighted(everybody);
}

export function drawWorker({ random }: Draw): Who {
  return random.weighted(random.chance(0.08) ? everybody : inside);
}

export function drawDecider({ random }: Draw): Who {
  return random.weighted(deciders);
}

/** How a user names them. */
export function saidPerson({ random }: Draw, who: Who, thing: Thing): string {
  return phrase(random, sayings[who].replaceAll('LABEL', thing.label));
}
