import { describe, expect, it, vi } from 'vitest';
import { Random } from '../random.js';
import { trainTokenizer } from '../tokenizer/train.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { encodePair } from './text-eval.js';
import { differenceOf, hunksOf, marksOf } from './text-eval-difference.js';
import { edited, trainedEdits, type EditName } from './text-eval-edits.js';
import { pairSets, textPairs, type TextPair } from './text-eval-pairs.js';
import { drawTwins } from './text-eval-twins.js';

/** Draws twins as ever; what it gave is known. */
vi.mock('./text-eval-twins.js', async (importOriginal) => {
  const original = await importOriginal<{ drawTwins: typeof drawTwins }>();
  return { ...original, drawTwins: vi.fn(original.drawTwins) };
});

const query = `List<Case> cases = [
    SELECT Id, Subject
    FROM Case
    WHERE Status = 'New'
    AND Priority = 'High'
    ORDER BY CreatedDate DESC
    LIMIT 10
];
delete cases;`;

describe('differences', () => {
  it.each([
    ["'New'", "'Closed'", 'value'],
    ['LIMIT 10', 'LIMIT 20', 'limit'],
    ['    LIMIT 10\n', '', 'limit'],
    ['DESC', 'ASC', 'order'],
    ["    AND Priority = 'High'\n", '', 'condition'],
    ['Status =', 'Status !=', 'operator'],
    ['Id, Subject', 'Id, Origin', 'field'],
    ['delete cases', 'update cases', 'data operation'],
    ['FROM Case', 'FROM Lead', 'object'],
    ["'High'\n    ORDER BY CreatedDate DESC\n    LIMIT 10", "'Low'\n    LIMIT 10", 'several'],
  ])('%j to %j is called %s', (before, after, name) => {
    expect(differenceOf(query, query.replace(before, after))).toBe(name);
  });

  it('keeps what two lists share, and shows the rest', () => {
    const [first, second] = [
      [1, 2, 3, 4, 5, 6],
      [1, 3, 9, 4, 5, 7, 6],
    ];
    const hunks = hunksOf(first, second);
    const left = (list: readonly number[], of: 'first' | 'second') =>
      list.filter((_, at) => hunks.every((hunk) => at < hunk[of][0] || at >= hunk[of][0] + hunk[of][1]));
    expect(left(first, 'first')).toEqual([1, 3, 4, 5, 6]);
    expect(left(second, 'second')).toEqual([1, 3, 4, 5, 6]);
    // 3 stands behind the missing 2; 9 and 7 are new.
    expect([...marksOf(first, second)]).toEqual([0, 1, 1, 0, 0, 1, 0]);
  });
});

describe('edits', () => {
  const edit = (name: EditName, code: string) => edited(new Random('edit'), name, code);
  it('do what they are called', () => {
    expect(edit('limit missing', query)).toBe(query.replace('\n    LIMIT 10', ''));
    expect(edit('order missing', query)).toBe(query.replace('\n    ORDER BY CreatedDate DESC', ''));
    expect(edit('condition missing', query)).toBe(query.replace("\n    AND Priority = 'High'", ''));
    expect(edit('or for and', query)).toBe(query.replace('AND', 'OR'));
    expect(edit('values exchanged', query)).toBe(
      query.replace("'New'", "'x'").replace("'High'", "'New'").replace("'x'", "'High'"),
    );
    expect(edit('statement missing', query)).toBe(query.replace('\ndelete cases;', ''));
    expect(edit('operator turned', query)).toMatch(/ != /);
    expect(query.startsWith(edit('cut short', query)!)).toBe(true);
  });

  it('say so where there is nothing to do', () => {
    const count = 'Integer caseCount = [SELECT COUNT() FROM Case];';
    for (const name of ['limit missing', 'or for and', 'values exchanged', 'statement missing'] as const) {
      expect(edit(name, count)).toBeNull();
    }
  });
});

/** Pairs of one draw have two groups between them. */
function byDraw(pairs: readonly TextPair[]): Iterable<TextPair[]> {
  const draws = new Map<number, TextPair[]>();
  for (const pair of pairs) {
    const number = Math.floor(pair.group / 2);
    draws.set(number, [...(draws.get(number) ?? []), pair]);
  }
  return draws.values();
}

describe('pairs', () => {
  it('are the same from the same seed, and others from another', () => {
    const made = [...textPairs('train', 'a', 20)];
    expect([...textPairs('train', 'a', 20)]).toEqual(made);
    expect([...textPairs('train', 'b', 20)]).not.toEqual(made);
  });

  it.each(pairSets)('of %s have something that is held out, unless they are for training', (set) => {
    vi.mocked(drawTwins).mockClear();
    const pairs = [...textPairs(set, 'a', set === 'train' ? 100 : 12)];
    const drawn = vi.mocked(drawTwins).mock.results.map(({ value }) => value as ReturnType<typeof drawTwins>);
    const heldOutOf = new Map(
      drawn.flatMap(
        (twins) => twins?.samples.map(({ prompt }, at) => [prompt, twins.hasHeldOut[at]] as const) ?? [],
      ),
    );
    expect(new Set(heldOutOf.values())).toEqual(new Set([true, false]));
    for (const { comment } of pairs)
      expect([comment, heldOutOf.get(comment)]).toEqual([comment, set !== 'train']);
  });

  it('are half right, and of twins each answer is right once and wrong once', () => {
    const pairs = [...textPairs('train', 'b', 100)];
    for (const pair of pairs) expect(pair.code === pair.rightCode).toBe(pair.wrongWay === null);
    expect(pairs.filter(({ wrongWay }) => wrongWay === null)).toHaveLength(50);
    const ofTwins = [...byDraw(pairs)].filter((drawn) => drawn.length === 4);
    expect(ofTwins.length).toBeGreaterThan(10);
    for (const drawn of ofTwins) {
      const rightFor = (isRight: boolean): string[] =>
        drawn.filter(({ wrongWay }) => (wrongWay === null) === isRight).map(({ code }) => code);
      expect(new Set(rightFor(true)).size).toBe(2);
      expect(rightFor(false).sort()).toEqual(rightFor(true).sort());
      expect(new Set(drawn.map(({ comment }) => comment)).size).toBe(2);
    }
  });

  it('that are two of a draw are an answer and what was done to it', () => {
    // Of the last draw some may be beyond the count.
    const whole = [...byDraw([...textPairs('train', 'b', 100)])].slice(0, -1);
    const edits = whole.filter((drawn) => drawn.length === 2);
    expect(edits.length).toBeGreaterThan(3);
    for (const [right, wrong] of edits) {
      expect(right!.wrongWay).toBeNull();
      expect(wrong).toMatchObject({ comment: right!.comment, rightCode: right!.code });
      expect(Object.keys(trainedEdits)).toContain(wrong!.wrongWay);
    }
  });

  it('come of twins that ask differently for different answers of one kind', () => {
    const twins = Array.from({ length: 30 }, (_, number) => drawTwins(`twins ${number}`, 'step')).filter(
      (found) => found !== null,
    );
    expect(twins.length).toBeGreaterThan(10);
    for (const { samples } of twins) {
      const [first, second] = samples;
      expect(first.kind).toBe(second.kind);
      expect(first.answer).not.toBe(second.answer);
      expect(first.prompt).not.toBe(second.prompt);
    }
  });

  it('are encoded with marks on what is wrong only', () => {
    const texts = ['get all new cases', query, query.replace('10', '20')];
    const tokenizer = new Tokenizer(trainTokenizer(texts, 300));
    const pair = { comment: texts[0]!, rightCode: query, group: 0, wrongWay: 'limit' } as const;
    const right = encodePair(tokenizer, { ...pair, code: query, wrongWay: null });
    const wrong = encodePair(tokenizer, { ...pair, code: texts[2]! });
    expect(right.marks.every((mark) => mark === 0)).toBe(true);
    const marked = wrong.tokens.filter((_, at) => wrong.marks[at] === 1);
    expect(tokenizer.decode(marked)).toMatch(/2/);
    expect(marked.length).toBeLessThan(4);
    expect(wrong.marks.slice(0, wrong.commentLength).every((mark) => mark === 0)).toBe(true);
    expect(tokenizer.decode(wrong.tokens)).toBe(texts[0]! + texts[2]!);
  });
});
