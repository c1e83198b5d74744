import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { AdlakeError } from '../../errors.ts';
import { listFiles, readIfThere } from '../../file.ts';
import { dropDir, type Lake } from '../../zone.ts';
import { PERSONAL_DATASETS, PREFERENCES } from './datasets.ts';

/**
 * How many days records of each dataset may be kept, by dataset, from the owner's preferences (rows
 * named `retention_days`). Of two files that disagree, the one whose name sorts last counts. Throws
 * `CONFIG_INVALID` for a dataset that has no retention, or a number of days that is none.
 */
export function retentionDays(lake: Lake): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  for (const { name, subject = '', value = '' } of preferencesIn(lake)) {
    if (name !== 'retention_days') continue;
    if (!PERSONAL_DATASETS.some((dataset) => dataset.name === subject)) {
      throw wrong(`retention_days for ${JSON.stringify(subject)}`, names());
    }
    if (!/^[1-9]\d{0,5}$/.test(value)) {
      throw wrong(`${JSON.stringify(value)} days for ${subject}`, 'a whole number of at least 1');
    }
    days.set(subject, Number(value));
  }
  return days;
}

type Preference = Readonly<Partial<Record<string, string>>>;

function preferencesIn(lake: Lake): readonly Preference[] {
  const folder = dropDir(lake, PREFERENCES.name);
  return listFiles(folder)
    .filter((name) => name.endsWith('.csv') && !name.startsWith('.'))
    .flatMap((name) => {
      const bytes = readIfThere(join(folder, name)) ?? Buffer.alloc(0);
      return parse(bytes, { columns: true, bom: true, trim: true }) as readonly Preference[];
    });
}

function names(): string {
  return `one of ${PERSONAL_DATASETS.map(({ name }) => name).join(', ')}`;
}

function wrong(found: string, expected: string): AdlakeError {
  return new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `The preferences in landing say ${found}; expected was ${expected}.`,
    remedy:
      'Correct the CSV in zones/landing/internal/preferences, for example: retention_days,orders,730.',
  });
}
