import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenList } from './open-exchanges.js';

it('holds exactly what was added and not removed', () => {
  const steps = fc.array(fc.record({ adds: fc.boolean(), which: fc.nat(20) }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (list) => {
      const members = Array.from({ length: 21 }, (_, id) => ({ id, place: -1 }));
      const open = new OpenList<(typeof members)[number]>();
      const model = new Set<number>();
      for (const { adds, which } of list) {
        if (adds && !model.has(which)) {
          open.add(members[which]!);
          model.add(which);
        } else if (!adds) {
          open.remove(members[which]!);
          model.delete(which);
        }
        expect(open.size).toBe(model.size);
      }
      expect(new Set(open.all().map(({ id }) => id))).toEqual(model);
    }),
  );
});
