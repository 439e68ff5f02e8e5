/** Plurals of labels, and back. */

const irregular: Readonly<Record<string, string>> = {
  person: 'people',
  story: 'stories',
  currency: 'currencies',
  shelf: 'shelves',
  staff: 'staff',
  diagnosis: 'diagnoses',
  hypothesis: 'hypotheses',
  kpi: 'KPIs',
  bus: 'buses',
  gas: 'gases',
  analysis: 'analyses',
  photo: 'photos',
};

/** `policy` → `policies`, `purchase order` → `purchase orders`. */
export function pluralOf(label: string): string {
  if (label === 'bill of materials') return 'bills of materials';
  const words = label.split(' ');
  const last = words.at(-1)!;
  return [...words.slice(0, -1), pluralWord(last)].join(' ');
}

function pluralWord(word: string): string {
  if (irregular[word]) return irregular[word];
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return `${word}s`;
}

/** The word whose regular plural a reader takes it for: `policies` → `policy`, `boxes` → `box`. */
export function singularOf(plural: string): string {
  if (/ies$/.test(plural)) return `${plural.slice(0, -3)}y`;
  if (/(s|x|z|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.replace(/s$/, '');
}
