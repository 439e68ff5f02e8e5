/** Formats of strings as patterns. A little narrower than their standards, so that whatever is written is right. */
const day = '(?:0[1-9]|1[0-9]|2[0-8])';
const date = `[12][0-9]{3}-(?:0[1-9]|1[0-2])-${day}`;
const time =
  '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])';
const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const label = '[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?';
const hex = '[0-9a-f]';

export const formats: ReadonlyMap<string, string> = new Map([
  ['date', `^${date}$`],
  ['time', `^${time}$`],
  ['date-time', `^${date}T${time}$`],
  ['duration', '^P(?:[0-9]{1,4}D(?:T[0-9]{1,4}[HMS])?|T[0-9]{1,4}[HMS]|[0-9]{1,4}[YMW])$'],
  ['uuid', `^${hex}{8}-${hex}{4}-4${hex}{3}-[89ab]${hex}{3}-${hex}{12}$`],
  ['ipv4', `^${byte}(?:\\.${byte}){3}$`],
  ['hostname', `^${label}(?:\\.${label}){0,4}$`],
  ['email', `^[a-z0-9](?:[a-z0-9_+-]{0,30}[a-z0-9])?@${label}\\.[a-z]{2,12}$`],
  ['uri', `^https?://${label}\\.[a-z]{2,12}(?:/[a-zA-Z0-9_~-]{0,64}){0,8}$`],
]);
