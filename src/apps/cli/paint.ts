/** Colours of the terminal, by their SGR numbers. */
export const Paint = {
  Bold: '1',
  Dim: '2',
  Red: '31',
  Green: '32',
  Yellow: '33',
  Cyan: '36',
} as const;
export type Paint = (typeof Paint)[keyof typeof Paint];
