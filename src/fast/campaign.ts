/** The number of a row that belongs to no campaign. */
export const NO_CAMPAIGN = -1;

const ids: string[] = [];
const numbers = new Map<string, number>();

/** A number for a campaign's id, the same one as long as this thread lives. */
export function campaignNumber(id: string | null): number {
  if (id === null) return NO_CAMPAIGN;
  const known = numbers.get(id);
  if (known !== undefined) return known;
  const number = ids.push(id) - 1;
  numbers.set(id, number);
  return number;
}

/** The id of the campaign with this number; null of none. */
export function campaignOf(number: number): string | null {
  return ids[number] ?? null;
}
