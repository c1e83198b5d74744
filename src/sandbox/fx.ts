import { type Day, dayOf, textOf } from './calendar.ts';
import { mix, saltOf, uniform } from './random.ts';

/** US dollars for one unit, around which the synthetic rate wanders. */
const CENTRES = { EUR: 1.09, JPY: 0.0068 } as const;
/** How far a rate strays from its centre, and how many days a swing takes. */
const STRAY = 0.08;
const SWING_DAYS = 45;

/**
 * Synthetic exchange rates as CSV text: `date,currency,usd_per_unit`, one row per calendar day and
 * currency, since and until inclusive. Depends on the date only. Throws a `RangeError` when a day is
 * not `YYYY-MM-DD`.
 */
export function sandboxFxRates(since: string, until: string): string {
  const lines = ['date,currency,usd_per_unit'];
  for (let day = dayOf(since); day <= dayOf(until); day++) {
    lines.push(`${textOf(day)},EUR,${rateOn(day, 'EUR').toFixed(6)}`);
    lines.push(`${textOf(day)},JPY,${rateOn(day, 'JPY').toFixed(8)}`);
  }
  return `${lines.join('\n')}\n`;
}

function rateOn(day: Day, currency: keyof typeof CENTRES): number {
  const salt = saltOf(`fx/${currency}`);
  const swing = Math.floor(day / SWING_DAYS);
  const from = uniform(mix(salt, swing), 1);
  const to = uniform(mix(salt, swing + 1), 1);
  const along = day / SWING_DAYS - swing;
  const wave = from + (to - from) * along + 0.05 * uniform(mix(salt, day), 2);
  return CENTRES[currency] * (1 - STRAY / 2 + STRAY * wave);
}
