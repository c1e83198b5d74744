import type { MailConfig } from '../config.ts';
import { AdlakeError } from '../errors.ts';
import type { Sent } from './tried.ts';

const TIMEOUT_MILLISECONDS = 10_000;

/** A mail of plain text. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/**
 * Sends one mail of plain text. The connection is encrypted, unless the server is on this machine. Throws
 * `CONFIG_INVALID` when the optional package `nodemailer` is not installed.
 */
export async function sendMail(config: MailConfig, mail: Mail): Promise<Sent> {
  const mailer = await loadMailer();
  const transport = mailer.createTransport(optionsOf(config.serverUrl));
  try {
    await transport.sendMail({
      from: config.from,
      to: [...config.to],
      ...mail,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return { ok: true };
  } catch (error) {
    return failure(error as MailError);
  } finally {
    transport.close();
  }
}

/** What a failed try may show: never the server's own words, which can repeat what was sent. */
interface MailError {
  readonly code?: string;
  readonly responseCode?: number;
}

function failure({ code, responseCode }: MailError): Sent {
  const found =
    responseCode === undefined ? `${code ?? 'a failure'}` : `the answer ${responseCode}`;
  const isFinal = code === 'EAUTH' || (responseCode !== undefined && responseCode >= 500);
  return { ok: false, found, mayPass: !isFinal };
}

interface Mailer {
  readonly createTransport: (options: object) => {
    readonly sendMail: (mail: object) => Promise<unknown>;
    readonly close: () => void;
  };
}

/** By a name that nothing looks at before it is needed: adlake works without the package. */
async function loadMailer(): Promise<Mailer> {
  const name = 'nodemailer';
  try {
    const loaded = (await import(name)) as { readonly default: Mailer };
    return loaded.default;
  } catch (cause) {
    throw new AdlakeError({
      code: 'CONFIG_INVALID',
      message: 'A mail is to be sent (ADLAKE_SMTP_URL), and the package nodemailer is missing.',
      remedy: 'Install it with `npm install`, or take ADLAKE_SMTP_URL away.',
      cause,
    });
  }
}

function optionsOf(serverUrl: string): object {
  const url = new URL(serverUrl);
  const isSecure = url.protocol === 'smtps:';
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    secure: isSecure,
    requireTLS: !isSecure && !isHere,
    ignoreTLS: isHere && !isSecure,
    ...(url.username === '' ? {} : { auth }),
    connectionTimeout: TIMEOUT_MILLISECONDS,
    greetingTimeout: TIMEOUT_MILLISECONDS,
    socketTimeout: TIMEOUT_MILLISECONDS,
  };
}
