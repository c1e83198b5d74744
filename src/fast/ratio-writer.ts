import { putCell, putPlain } from './cells.ts';
import type { Column } from './column.ts';
import { type CsvBytes, constant } from './csv-bytes.ts';
import type { Member } from './member.ts';
import { ABSENT } from './ratio.ts';
import type { Row } from './row.ts';
import type { Writer } from './writer.ts';

/** Places of money and ratios, and of a fraction that was percent. */
const PLACES = 6;
const FRACTION_PLACES = 8;
/** No ratio that is worked out in numbers has more digits before the point. */
const WHOLE_DIGITS = 10;

const TRUE = constant('true');
const FALSE = constant('false');

/** What writes a column of ratios; null when it is none, or its rule is not the one it always has. */
export function ratioWriter(row: Row, column: Column): Writer | null {
  const quick = quickWriter(row, column);
  if (quick === null) return null;
  return (out) => {
    const { slowRatios } = row;
    if (slowRatios === null) return quick(out);
    return putCell(out, column, slowRatios[column.name] ?? null);
  };
}

function quickWriter(row: Row, column: Column): Writer | null {
  const { ratios, members } = row;
  const name = column.name;
  if (name === 'reported_agrees') {
    return column.rule.kind === 'boolean' ? agreesWriter(row, column) : null;
  }
  if (name === 'cpc_reported') return reportedWriter(row, column, members.cpc);
  if (name === 'cpm_reported') return reportedWriter(row, column, members.cpm);
  if (name === 'ctr_reported') {
    if (!isRoomy(column, { whole: WHOLE_DIGITS, places: FRACTION_PLACES })) return null;
    return (out) => put(out, column, { units: row.parts.ctr, places: FRACTION_PLACES });
  }
  if (name !== 'cpc' && name !== 'cpm' && name !== 'ctr') return null;
  if (!isRoomy(column, { whole: WHOLE_DIGITS, places: PLACES })) return null;
  return (out) => put(out, column, { units: ratios[name], places: PLACES });
}

function isRoomy(
  { rule }: Column,
  least: { readonly whole: number; readonly places: number },
): boolean {
  return rule.kind === 'decimal' && rule.whole >= least.whole && rule.places >= least.places;
}

function put(
  out: CsvBytes,
  column: Column,
  of: { readonly units: number; readonly places: number },
): boolean {
  if (of.units === ABSENT) return column.isNullable;
  out.decimal(of.units, of.places);
  return true;
}

function agreesWriter({ ratios }: Row, column: Column): Writer {
  return (out) => {
    if (ratios.agrees === ABSENT) return column.isNullable;
    out.put(ratios.agrees === 1 ? TRUE : FALSE);
    return true;
  };
}

/** As it was sent: one that has more places than the column is not worked out here. */
function reportedWriter({ scanner }: Row, column: Column, member: Member | null): Writer {
  return (out) => {
    if (member === null || !scanner.has(member)) return column.isNullable;
    const { view } = scanner;
    return putPlain(out, column, { view, from: scanner.start(member), to: scanner.end(member) });
  };
}
