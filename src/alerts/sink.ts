import type { AlertConfig } from '../config.ts';
import { type Mail, sendMail } from './mail.ts';
import { headline, type Message, plainText, slackBody, webhookBody } from './message.ts';
import { post } from './post.ts';
import { type Sent, tried } from './tried.ts';

/** A place that alerts are sent to. */
export interface Sink {
  readonly name: SinkName;
  /** Sends one message, with tries again while they may help. Throws nothing: the answer says it. */
  readonly send: (message: Message) => Promise<Sent>;
}

/** The sinks that there can be, beside the summary of the run. */
export const SINK_NAMES = ['webhook', 'slack', 'email'] as const;

/** One of them. */
export type SinkName = (typeof SINK_NAMES)[number];

/** What sinks need of the world: how they wait. */
export interface SinkWorld {
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The sinks that settings name. No message of theirs shows an address: it may hold a secret. */
export function sinksOf(config: AlertConfig, world: SinkWorld): readonly Sink[] {
  const { webhookUrl, slackUrl, mail } = config;
  const sink = (name: SinkName, once: (message: Message) => Promise<Sent>): Sink => ({
    name,
    send: (message) => tried(() => once(message), world),
  });
  return [
    ...(webhookUrl === null
      ? []
      : [sink('webhook', (message) => post(webhookUrl, webhookBody(message)))]),
    ...(slackUrl === null ? [] : [sink('slack', (message) => post(slackUrl, slackBody(message)))]),
    ...(mail === null ? [] : [sink('email', (message) => sendMail(mail, mailOf(message)))]),
  ];
}

function mailOf(message: Message): Mail {
  return { subject: headline(message), text: plainText(message) };
}
