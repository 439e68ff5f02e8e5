/** People that flows speak of, and how users name them. */
import type { Draw } from '../draw.js';
import { phrase } from '../phrase.js';
import type { Plan } from './plan.js';

export type Who = 'owner' | 'manager' | 'contact' | 'customer' | 'director' | 'admin' | 'finance' | 'legal';

/** LABEL stands for the object's. */
const sayings: Readonly<Record<Who, string>> = {
  owner:
    "{the owner|the owner|the owner|the owner|its owner|the record owner|the LABEL owner|the owner of the LABEL|the LABEL's owner|the assigned owner|the owner of the record|the record's owner|the current owner|owner}",
  manager:
    "{the manager|the manager|the manager|the manager|the manager|the owner's manager|the line manager|the responsible manager|a manager|the boss|our manager|the owner's boss|manager}",
  contact:
    '{the contact|the contact|the contact|the contact person|its contact|the related contact|the contact on the LABEL|contact}',
  customer: '{the customer|the customer|the customer|the client|our customer|the customer|customer}',
  director:
    '{the director|the director|the director|the responsible director|a director|our director|director}',
  admin:
    '{the admin|the admin|the admin|an admin|the administrator|the system administrator|the system admin|the Salesforce admin|the org admin|the sysadmin|our admin|the Salesforce administrator|the CRM admin|admin}',
  finance:
    '{finance|finance|the finance team|the finance team|the finance team|the finance department|Finance|our finance team|the finance group|someone in finance|somebody in finance|the finance dept}',
  legal:
    '{legal|legal|the legal team|the legal team|the legal team|the legal department|Legal|our legal team|the legal group|someone in legal|somebody in legal|the legal dept}',
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
export function saidPerson(plan: Plan, who: Who): string {
  const said = phrase(plan.draw.random, sayings[who].replaceAll('LABEL', plan.thing.label));
  return plan.isMany ? said.replace(/^its /, 'their ') : said;
}
