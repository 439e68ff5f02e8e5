/** Measured custom fields that figures are taken of, said in the plural or in one word: `billable hours`, `rating`. */
import type { Draw } from '../draw.js';
import { customName, drawField, type Field, type FieldType, type Thing } from '../nouns.js';

const plurals =
  'hours|billable hours|working hours|overtime hours|planned hours|logged hours|flight hours|machine hours|points|loyalty points|story points|' +
  'nights|seats|visitors|attendees|guests|participants|units|units sold|pieces|boxes|pallets|liters|kilometers|miles|tons|minutes|days|' +
  'sick days|vacation days|downtime minutes|clicks|impressions|downloads|views|votes|likes|errors|defects|returns|calls|visits|steps|' +
  'net weight|gross weight|yield|rainfall|rating|stars|grade point|mark|score|share price|tip|turnover|savings|earnings|costs|expenses|' +
  'fees|wages|sales|losses|fines|cash|tolls|tariffs|duties|moisture|humidity|pressure|altitude|area|depth|thickness|pulse|consumption';
const labels = plurals.split('|');
const measureShare = 0.3;

/** A number to take figures of; at times one that only this request speaks of; null = the thing has none. */
export function drawMeasure(draw: Draw, thing: Thing, without: readonly string[] = []): Field | null {
  const types: readonly FieldType[] = ['currency', 'currency', 'integer'];
  if (!thing.isCustom || !draw.random.chance(measureShare)) return drawField(draw, thing, types, without);
  const label = draw.random.pick(labels);
  const api = customName(label);
  if (label === thing.label || label === thing.plural || thing.fields.some((field) => field.label === label))
    return drawField(draw, thing, types, without);
  draw.noteField(thing.api, api);
  return { api, label, type: 'integer', values: [], target: null };
}
