import type { FaultPlan } from './fault.ts';
import { mix, saltOf, uniform } from './random.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of the page before that a repeating page brings again. */
export const REPEATED_ROWS = 3;

/** Spoils the rows of an answer by the faults that change data; other answers stay as they are. */
export function spoilRows(body: object, plan: FaultPlan): object {
  const data = (body as { data?: unknown }).data;
  const spoils = plan.rates.has('new-field') || plan.rates.has('wrong-type');
  if (!Array.isArray(data) || !spoils) return body;
  return { ...body, data: data.map((row) => spoilRow(row as Row, plan)) };
}

/** True when a request's page repeats rows of the page before it. */
export function repeatsRows(key: string, plan: FaultPlan): boolean {
  return uniform(saltOf(`${plan.seed}/duplicate-page/${key}`), 1) < plan.rateOf('duplicate-page');
}

function spoilRow(row: Row, plan: FaultPlan): Row {
  const salt = mix(saltOf(JSON.stringify(row)), plan.seed);
  const strange =
    uniform(salt, 1) < plan.rateOf('new-field') ? { ...row, synthetic_new_metric: '1' } : row;
  const wrong = uniform(salt, 2) < plan.rateOf('wrong-type');
  return wrong ? wrongType(strange, uniform(salt, 3) < 0.5) : strange;
}

/** An id as a number that has lost its last digits, or an amount with a decimal comma. */
function wrongType(row: Row, onId: boolean): Row {
  const name = ['ad_id', 'campaign_id', 'account_id', 'id'].find(
    (id) => typeof row[id] === 'string',
  );
  if (!onId && typeof row.spend === 'string') return { ...row, spend: '12,30' };
  if (name === undefined || !/^\d+$/.test(String(row[name]))) return row;
  return { ...row, [name]: Number(row[name]) };
}
