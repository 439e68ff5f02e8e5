/** Classes that hold data. */
import type { FileKind } from './file-kind.js';
import { builder, constructed, wrapper } from './members-data.js';
import { tool } from './members-logic.js';
import { series } from './members.js';

export const dataKinds: readonly FileKind[] = [
  {
    kind: 'wrapper',
    weight: 3,
    suffixes: ['Wrapper', 'Dto', 'DTO', 'Data', 'Model', 'Row'],
    first: wrapper,
    members: [...series, [1, tool]],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'value',
    weight: 2,
    suffixes: ['Info', 'Request', 'Result', 'Options', 'Config'],
    first: constructed,
    members: [...series, [1, tool]],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
  {
    kind: 'builder',
    weight: 2,
    suffixes: ['Builder', 'Factory', 'Fixture'],
    first: builder,
    members: [...series, [1, tool]],
    least: 0,
    most: 1,
    writtenMax: 0,
  },
];
