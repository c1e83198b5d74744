import type { Call } from './call.ts';
import { DATA_LIMIT } from './fault-error.ts';
import { GraphError, invalid, unknownPath } from './graph-error.ts';
import { insights } from './insight-answer.ts';
import { parseInsightQuery } from './insight-query.ts';
import { names } from './name-block.ts';
import { parseFields } from './parameter.ts';
import { checkReadable, pollRun, type ReportRun } from './report-run.ts';
import { type Atlas, isParent, type WorldObject } from './world.ts';

const PAGE_PARAMS = ['limit', 'after', 'before'];
/** Every field the API knows on AdReportRun in v26.0. */
const RUN_FIELDS = names(`
  account_id async_percent_completion async_report_url async_status date_start date_stop emails
  error_code error_message error_subcode error_user_msg error_user_title friendly_name id
  is_async_export is_bookmarked is_running schedule_id time_completed time_ref
`);

/** Answers a poll of a run, or a reading of its rows, as the day of its account is now. */
export function aboutRun(
  call: Call,
  atlas: Atlas,
  about: { readonly run: ReportRun; readonly edge: string | undefined },
): { readonly body: object; readonly accountId: string } {
  const { run, edge } = about;
  const accountId = run.object.world.account.id;
  const today = atlas.find(`act_${accountId}`)?.world.today ?? run.object.world.today;
  const at = { today, polls: call.reportPolls };
  if (edge === undefined) return { body: runJson(call, pollRun(run, at)), accountId };
  if (edge !== 'insights' || call.method !== 'GET') throw unknownPath(`/${edge}`);
  checkReadable(run, at);
  const params = new URLSearchParams(run.params);
  for (const name of PAGE_PARAMS) {
    const value = call.params.get(name);
    if (value !== null) params.set(name, value);
    else params.delete(name);
  }
  return { body: insights({ ...call, path: run.path, params }, run.object), accountId };
}

/** The fields of a run that are asked for; all of them when none are named. */
function runJson(call: Call, all: Readonly<Record<string, unknown>>): object {
  const names = parseFields(call.params.get('fields') ?? '').map(({ name }) => name);
  const unknown = names.find((name) => !RUN_FIELDS.has(name));
  if (unknown !== undefined) {
    throw invalid(`Tried accessing nonexisting field (${unknown}) on node type (AdReportRun)`);
  }
  if (names.length === 0) return all;
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name === 'id' || names.includes(name)),
  );
}

/** Orders a report of what `insights` would answer; the same things are refused at once. */
export function orderReport(call: Call, object: WorldObject): object {
  if (!isParent(object)) throw unknownPath('/insights');
  const query = parseInsightQuery(call.params, object.kind, object.world.today);
  const params = new URLSearchParams(call.params);
  for (const secret of ['access_token', 'appsecret_proof']) params.delete(secret);
  const { path, key } = call;
  const isTooLarge = isOverLimit(call, object);
  return { report_run_id: call.runs.order({ object, path, params, query, key, isTooLarge }).id };
}

/** Rows are only drawn at once when there is a limit to hold them against. */
function isOverLimit(call: Call, object: WorldObject): boolean {
  if (call.dataLimit === Number.POSITIVE_INFINITY) return false;
  try {
    insights(call, object);
    return false;
  } catch (thrown) {
    if (thrown instanceof GraphError && thrown.detail === DATA_LIMIT) return true;
    throw thrown;
  }
}
