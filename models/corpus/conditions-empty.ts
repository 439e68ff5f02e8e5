/** Conditions on whether a field has a value at all. */
import type { Draws } from './conditions-wording.js';

const missing: Draws = (_draw, _thing, field) => ({
  field,
  soql: `${field.api} = null`,
  short:
    '{no LABEL|no LABEL|LABEL empty|LABEL blank|LABEL missing|missing LABEL|LABEL is empty|LABEL is blank|empty LABEL}',
  apex: (variable) => `${variable}.${field.api} == null`,
  predicate:
    '{is empty|is empty|is blank|is missing|is null|is not set|is not filled in|has no value|has not been set|= null|is unset|field is empty|field is blank|has been left blank|was never filled in}',
  with: '{with no LABEL|with no LABEL|without ALABEL|without any LABEL|whose LABEL field is empty|where there is no LABEL|that do not have ALABEL|without ALABEL|without LABEL|missing ALABEL|missing the LABEL|lacking ALABEL|that have no LABEL|that lack ALABEL|with an empty LABEL|with a blank LABEL|with LABEL missing|with missing LABEL|with no LABEL set|with no LABEL filled in|that do not have ALABEL|with LABEL empty|that are missing ALABEL}',
  clause:
    '{it has no LABEL|it has no LABEL|there is no LABEL|no LABEL is set|it lacks ALABEL|it does not have ALABEL|it is missing ALABEL|no LABEL was entered|no LABEL is given}',
});

const present: Draws = (_draw, _thing, field) => ({
  field,
  soql: `${field.api} != null`,
  short: '{LABEL not empty|LABEL filled in|LABEL not blank|LABEL set|LABEL is not empty|LABEL is not blank}',
  apex: (variable) => `${variable}.${field.api} != null`,
  predicate:
    '{is not empty|is not empty|is not blank|is not null|is set|is filled in|is filled|has a value|has been set|!= null|is present|is known|is populated}',
  with: '{with ALABEL|with ALABEL|with some LABEL|with any LABEL|that have ALABEL|that have ALABEL|having ALABEL|with a known LABEL|with LABEL filled in|with ALABEL set|that have some LABEL|that already have ALABEL|with LABEL set}',
  clause: '{it has ALABEL|it has ALABEL|there is ALABEL|ALABEL is set|ALABEL is given|it already has ALABEL}',
});

export const emptiness: Draws = (draw, thing, field) =>
  (draw.random.chance(0.62) ? missing : present)(draw, thing, field);
