const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term'] as const;

/** The utm fields in the query of an address, decoded, with their names; none when it has none. */
export function utmOf(address: string | undefined): readonly (readonly [string, string])[] {
  if (address === undefined || !address.includes('utm_')) return [];
  const query = address.slice(address.indexOf('?') + 1).replace(/#.*$/, '');
  const values = new URLSearchParams(query);
  return UTM.flatMap((name): (readonly [string, string])[] => {
    const value = values.get(name);
    return value === null || value === '' ? [] : [[name, value]];
  });
}
