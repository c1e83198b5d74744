import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, listAlerts, subjectText } from '../alerts/alert.ts';
import { type Act, landAct } from '../alerts/landed.ts';
import { type Message, paragraph, plainText } from '../alerts/message.ts';
import { type Sink, sinksOf } from '../alerts/sink.ts';
import { counted } from '../amount.ts';
import { AdlakeError } from '../errors.ts';
import { originOf } from '../lake-origin.ts';
import { didYouMean } from '../nearest.ts';
import { formatTable } from '../text-table.ts';
import { dayAt } from '../window.ts';
import { type CommandContext, type Typed, usage } from './context.ts';
import { holdingLake } from './holding.ts';
import { bringUp } from './watch.ts';

/** `adlake alerts list`: the alerts that are not resolved, or with `--all` those that are, too. */
export async function alertsList(context: CommandContext, typed: Typed): Promise<number> {
  const alerts = listAlerts(context.lake, typed.options.all === true ? 'all' : 'current');
  if (context.isJson) {
    context.print(`${JSON.stringify(alerts, null, 2)}\n`);
    return 0;
  }
  if (alerts.length === 0) {
    context.print('No alerts.\n');
    return 0;
  }
  const heads = ['id', 'severity', 'state', 'since', 'rule', 'about'];
  context.print(formatTable(heads, alerts.map(lineOf)));
  context.tell('What next: `adlake alerts show ID` for its figures and what to do.');
  return 0;
}

function lineOf(alert: Alert): readonly string[] {
  const { alert_id, severity, state, opened_on, rule } = alert;
  return [alert_id, severity, state, opened_on, rule, subjectText(alert)];
}

/** `adlake alerts show ID`: one alert in full, in words. */
export async function alertsShow(context: CommandContext, typed: Typed): Promise<number> {
  const alert = found(context, typed.args[0] ?? '');
  if (context.isJson) {
    context.print(`${JSON.stringify(alert, null, 2)}\n`);
    return 0;
  }
  const state = alert.note === null ? alert.state : `${alert.state}: ${alert.note}`;
  context.print(`${paragraph(alert)}\n  It is ${state}.\n`);
  return 0;
}

/** `adlake alerts ack ID`: somebody has seen it; it is not told of again. */
export function alertsAck(context: CommandContext, typed: Typed): Promise<number> {
  const { note } = typed.options;
  return act(context, typed, {
    kind: 'acknowledged',
    note: typeof note === 'string' && note.trim() !== '' ? note.trim().slice(0, 500) : null,
  });
}

/** `adlake alerts reopen ID`: takes the acknowledgement back. */
export function alertsReopen(context: CommandContext, typed: Typed): Promise<number> {
  return act(context, typed, { kind: 'reopened' });
}

async function act(context: CommandContext, typed: Typed, what: Act): Promise<number> {
  return holdingLake(context, 'alerts', async () => {
    const alert = found(context, typed.args[0] ?? '');
    landAct(context.lake, [alert], { act: what, now: context.now() });
    await bringUp(context, 'alert_events');
    const after = found(context, alert.alert_id);
    if (context.isJson) context.print(`${JSON.stringify(after, null, 2)}\n`);
    else
      context.print(
        `${after.alert_id} (${after.rule}, ${subjectText(after)}) is ${after.state}.\n`,
      );
    return 0;
  });
}

function found(context: CommandContext, id: string): Alert {
  const alerts = listAlerts(context.lake, 'all');
  const alert = alerts.find(({ alert_id }) => alert_id === id);
  if (alert !== undefined) return alert;
  const ids = alerts.map(({ alert_id }) => alert_id);
  throw usage(
    `There is no alert ${JSON.stringify(id)}.${didYouMean(id, ids)}`,
    '`adlake alerts list --all` names all of them.',
  );
}

/**
 * `adlake alerts test`: sends each sink that is set, or the one of `--sink`, a made-up alert that says it
 * is one. Lands nothing. Throws `CONFIG_INVALID` when there is none, `SOURCE_UNAVAILABLE` when one failed.
 */
export async function alertsTest(context: CommandContext, typed: Typed): Promise<number> {
  const message = testMessage(context);
  const wanted = typed.options.sink;
  if (wanted === 'console') {
    context.print(plainText(message));
    return 0;
  }
  const failed: string[] = [];
  for (const sink of chosen(context, wanted)) {
    const sent = await sink.send(message);
    const how = sent.ok ? 'took the test alert' : `did not take the test alert: ${sent.found}`;
    context.print(`${sink.name} ${how}\n`);
    if (!sent.ok) failed.push(sink.name);
  }
  if (failed.length === 0) return 0;
  throw new AdlakeError({
    code: 'SOURCE_UNAVAILABLE',
    message: `${counted(failed.length, 'sink')} did not take the test alert: ${failed.join(', ')}.`,
    remedy: 'Correct the setting of that sink (`.env.example` explains each), and test it again.',
  });
}

function chosen(context: CommandContext, wanted: unknown): readonly Sink[] {
  const sinks = sinksOf(context.config.alerts, {
    sleep: async (milliseconds) => void (await sleep(milliseconds)),
  });
  const named = wanted === undefined ? sinks : sinks.filter(({ name }) => name === wanted);
  if (named.length > 0) return named;
  throw new AdlakeError({
    code: 'CONFIG_INVALID',
    message:
      wanted === undefined
        ? 'No sink for alerts is set.'
        : `The sink ${JSON.stringify(wanted)} is not set. Set are: ${sinks.map(({ name }) => name).join(', ') || 'none'}.`,
    remedy:
      'Set ADLAKE_ALERT_WEBHOOK_URL, ADLAKE_ALERT_SLACK_URL, or ADLAKE_SMTP_URL with ADLAKE_ALERT_EMAIL_FROM and ADLAKE_ALERT_EMAIL_TO. `--sink console` prints the test alert.',
  });
}

function testMessage(context: CommandContext): Message {
  const today = context.today ?? dayAt(context.now(), 'UTC');
  const alert: Alert = {
    alert_id: '000000000000',
    rule: 'spend_anomaly',
    severity: 'info',
    state: 'open',
    account_id: 'all',
    account_name: null,
    level: 'lake',
    subject_id: 'test',
    campaign_name: null,
    opened_on: today,
    last_seen_on: today,
    resolved_on: null,
    what: 'This is a test: nothing is wrong.',
    evidence: 'It was sent by `adlake alerts test`.',
    advice: 'Nothing.',
    note: null,
    sent_to: [],
  };
  return { alerts: [alert], isSynthetic: originOf(context.lake) === 'sandbox', isTest: true };
}
