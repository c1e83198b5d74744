/** The number of a row that belongs to no campaign. */
export const NO_CAMPAIGN = -1;

const numbers = new Map<string, number>();

/** A number for a campaign's id, the same one as long as this thread lives. */
export function campaignNumber(id: string | null): number {
  if (id === null) return NO_CAMPAIGN;
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
}
