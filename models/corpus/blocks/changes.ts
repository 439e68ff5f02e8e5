/** Kinds that write records: of a query, new ones, by external id, back from the recycle bin, to another owner. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { drawEnding, drawSpecialEnding, type Ending } from './changes-ending.js';
import { drawDeleteJob, drawUpdateJob, jobLines, requestOf, tidied, type Job } from './changes-job.js';
import { bumpWhere, clearWhere, transferOwner } from './changes-fields.js';
import { deleteOne, updateOne } from './changes-one.js';
import { insertMany, insertOne, undelete, upsertByKey, upsertGiven, writeGiven } from './changes-records.js';
import type { Kind, Made } from './kind.js';

export const changeKinds: readonly Kind[] = [
  {
    kind: 'update',
    weight: 16,
    make: (draw, thing) => madeOf(draw, thing, drawUpdateJob(draw, thing), drawEnding(draw)),
  },
  {
    kind: 'delete',
    weight: 10,
    make: (draw, thing) => madeOf(draw, thing, drawDeleteJob(draw, thing), drawEnding(draw)),
  },
  { kind: 'careful write', weight: 3, make: carefulWrite },
  { kind: 'bump', weight: 2, make: bumpWhere },
  { kind: 'clear', weight: 2, make: clearWhere },
  { kind: 'transfer', weight: 3, make: transferOwner },
  { kind: 'update one', weight: 4, make: updateOne },
  { kind: 'delete one', weight: 1.5, make: deleteOne },
  { kind: 'insert', weight: 8, make: insertOne },
  { kind: 'insert many', weight: 4, make: insertMany },
  { kind: 'upsert', weight: 2, make: upsertByKey },
  { kind: 'upsert new', weight: 1, make: upsertGiven },
  { kind: 'write given', weight: 3, make: writeGiven },
  { kind: 'undelete', weight: 1.5, make: undelete },
];

/** Partial success and handled errors, always. */
function carefulWrite(draw: Draw, thing: Thing): Made | null {
  const job = draw.random.chance(0.6) ? drawUpdateJob(draw, thing) : drawDeleteJob(draw, thing);
  return madeOf(draw, thing, job, drawSpecialEnding(draw));
}

function madeOf(draw: Draw, thing: Thing, job: Job | null, ending: Ending): Made | null {
  if (job === null) return null;
  return {
    prompt: tidied(`${requestOf(draw, job)}${ending.english}`),
    answer: jobLines(thing, job, ending.lines(job.operation, thing.many)),
  };
}
