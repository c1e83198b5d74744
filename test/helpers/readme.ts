import { readFileSync } from 'node:fs';

/** The README. */
export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The text under a heading of the second level, the heading with it. */
export function sectionOf(heading: string): string {
  const start = readme.indexOf(`\n## ${heading}\n`);
  return readme.slice(start, readme.indexOf('\n## ', start + 1));
}

/** A question of the README with the query that answers it. */
export interface Recipe {
  readonly number: number;
  readonly question: string;
  readonly sql: string;
}

/** What stands in a section as a line `**n. question**` with a fenced sql block after it. */
export function recipesIn(section: string): readonly Recipe[] {
  const block = /^\*\*(\d+)\. (.+?)\*\*.*\n\n```sql\n([\s\S]+?)\n```$/gm;
  return [...section.matchAll(block)].map(([, number, question = '', sql = '']) => ({
    number: Number(number),
    question,
    sql,
  }));
}
