/**
 * Rows as a table for a terminal: the first column to the left, columns of numbers to the right, two
 * spaces between. Ends with a newline.
 */
export function formatTable(
  heads: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
): string {
  const widths = heads.map((head, at) =>
    rows.reduce((width, row) => Math.max(width, lengthOf(row[at])), lengthOf(head)),
  );
  const isNumeric = heads.map(
    (_, at) => at > 0 && rows.every((row) => /^[-+]?[\d,.]*$/.test(row[at] ?? '')),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const space = ' '.repeat((widths[at] ?? 0) - lengthOf(cell));
        return isNumeric[at] === true ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return `${[heads, ...rows].map(line).join('\n')}\n`;
}

function lengthOf(text: string | undefined): number {
  return [...(text ?? '')].length;
}
