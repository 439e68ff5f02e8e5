/**
 * One page of metrics from the pages of several processes, in Prometheus' text format: each family once. Where more
 * than one process has series of a family, the label `process` says whose they are.
 */

interface Family {
  readonly head: readonly string[];
  readonly samples: readonly string[];
}

/** Pages by the name of their process. */
export function mergeMetrics(pages: Readonly<Record<string, string>>): string {
  const families = new Map<string, Map<string, Family>>();
  for (const [process, page] of Object.entries(pages)) {
    for (const [name, family] of familiesIn(page)) {
      families.set(name, (families.get(name) ?? new Map<string, Family>()).set(process, family));
    }
  }
  return [...families.values()].map(familyText).join('\n');
}

function familyText(byProcess: ReadonlyMap<string, Family>): string {
  const holders = [...byProcess].filter(([, family]) => family.samples.length > 0);
  const [first] = [...byProcess.values()];
  const lines = holders.flatMap(([process, family]) =>
    holders.length === 1 ? family.samples : family.samples.map((sample) => labelled(sample, process)),
  );
  return [...(first?.head ?? []), ...lines, ''].join('\n');
}

/** Families in the order of the page. A sample belongs to the family whose head stands above it. */
function familiesIn(page: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { head: string[]; samples: string[] }>();
  let current = '';
  for (const line of page.split('\n')) {
    if (line === '') continue;
    const head = /^# (?:HELP|TYPE) (\S+)/.exec(line);
    if (head === null && line.startsWith('#')) continue;
    current = head?.[1] ?? current;
    const family = families.get(current) ?? { head: [], samples: [] };
    families.set(current, family);
    if (head === null) family.samples.push(line);
    else family.head.push(line);
  }
  return families;
}

/** `name{a="b"} 1` or `name 1`, with one label more. */
function labelled(sample: string, process: string): string {
  const label = `process="${process}"`;
  const nameEnd = sample.search(/[{ ]/);
  const name = sample.slice(0, nameEnd);
  return sample[nameEnd] === '{'
    ? `${name}{${label},${sample.slice(nameEnd + 1)}`
    : `${name}{${label}}${sample.slice(nameEnd)}`;
}
