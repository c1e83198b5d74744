/**
 * The candidate that a person most likely meant by `text`, or null when none is near: at most a third
 * of the letters differ, or all words of `text` are in it. Upper and lower case count as the same.
 */
export function nearest(text: string, candidates: readonly string[]): string | null {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(text, candidate) }))
    .filter(({ candidate, distance }) => {
      const length = Math.max(text.length, candidate.length);
      return distance <= Math.max(1, Math.floor(length / 3)) || hasWords(candidate, text);
    })
    .sort((left, right) => left.distance - right.distance);
  return ranked[0]?.candidate ?? null;
}

/** ` Did you mean X?` with a space in front, or nothing when no candidate is near. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const near = nearest(text, candidates);
  return near === null ? '' : ` Did you mean ${near}?`;
}

function hasWords(candidate: string, text: string): boolean {
  const words = text.toLowerCase().split(/[_-]/);
  const known = new Set(candidate.toLowerCase().split(/[_-]/));
  return words.length > 1 && words.every((word) => known.has(word));
}

/** Levenshtein's edit distance: letters to be added, taken away or replaced. */
function distanceOf(left: string, right: string): number {
  const [from, to] = [left.toLowerCase(), right.toLowerCase()];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const replaced = (above[column - 1] ?? 0) + (isSame ? 0 : 1);
      line.push(Math.min((above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, replaced));
    }
    above = line;
  }
  return above[to.length] ?? 0;
}
