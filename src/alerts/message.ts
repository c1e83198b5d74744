import { counted } from '../amount.ts';
import { type Alert, subjectText } from './alert.ts';

/** Alerts that are told of together. */
export interface Message {
  readonly alerts: readonly Alert[];
  /** True when the lake holds synthetic data of the sandbox; every form of the message says so. */
  readonly isSynthetic: boolean;
  /** True for the message of `adlake alerts test`. */
  readonly isTest: boolean;
}

/** More are counted, not named: a message is to be read. */
const MOST_NAMED = 20;

/** The message in one line. */
export function headline({ alerts, isSynthetic, isTest }: Message): string {
  const worst = alerts.filter(({ severity }) => severity === 'critical').length;
  const critical = worst === 0 ? '' : `, ${worst} critical`;
  const mark = `${isTest ? '[test] ' : ''}${isSynthetic ? '[synthetic data] ' : ''}`;
  return `${mark}adlake: ${counted(alerts.length, 'new alert')}${critical}`;
}

/** The message as plain text, for a console or a mail. Ends with a newline. */
export function plainText(message: Message): string {
  const { alerts } = message;
  const parts = alerts.slice(0, MOST_NAMED).map(paragraph);
  return `${[headline(message), ...parts, ...rest(alerts)].join('\n\n')}\n`;
}

/** One alert in a few lines: what, where, since when, by what figures, what to do. */
export function paragraph(alert: Alert): string {
  return [
    `${alert.severity.toUpperCase()}: ${alert.what}`,
    `  ${subjectText(alert)}, since ${alert.opened_on}`,
    `  ${alert.evidence}`,
    `  What to do: ${alert.advice}`,
    `  Acknowledge it: adlake alerts ack ${alert.alert_id}`,
  ].join('\n');
}

/** The message as JSON for a webhook: `source`, `is_test`, `is_synthetic`, `alerts` as in the table. */
export function webhookBody({ alerts, isSynthetic, isTest }: Message): object {
  return { source: 'adlake', is_test: isTest, is_synthetic: isSynthetic, alerts };
}

/**
 * The message as Slack's incoming webhooks want it: `text` for notifications, `blocks` for the channel.
 * A section holds 3,000 characters at most, a message 50 blocks. Source: Slack's Block Kit reference.
 */
export function slackBody(message: Message): object {
  const { alerts } = message;
  const text = escaped(headline(message));
  const sections = [...alerts.slice(0, MOST_NAMED).map(slackLines), ...rest(alerts).map(escaped)];
  return {
    text,
    blocks: [`*${text}*`, ...sections].map((mrkdwn) => ({
      type: 'section',
      text: { type: 'mrkdwn', text: mrkdwn.slice(0, SECTION_CHARACTERS) },
    })),
  };
}

const SECTION_CHARACTERS = 3000;

function slackLines(alert: Alert): string {
  const lines = [
    `*${alert.severity.toUpperCase()}: ${escaped(alert.what)}*`,
    `${escaped(subjectText(alert))}, since ${alert.opened_on}`,
    escaped(alert.evidence),
    `_What to do:_ ${escaped(alert.advice)} (\`adlake alerts ack ${alert.alert_id}\`)`,
  ];
  return lines.join('\n');
}

function rest(alerts: readonly Alert[]): readonly string[] {
  const more = alerts.length - MOST_NAMED;
  return more > 0 ? [`and ${counted(more, 'more alert')}: see \`adlake alerts\``] : [];
}

/** Slack takes these three for markup; a campaign's name could call a channel otherwise. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
