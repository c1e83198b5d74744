/** Splits a block of names, with white space between them, into a set. */
export function names(block: string): ReadonlySet<string> {
  return new Set(block.trim().split(/\s+/));
}
