import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { landSignals, type Signal } from '../../src/alerts/landed.ts';
import type { Lake } from '../../src/zone.ts';
import { adlake, type Outcome } from '../helpers/command-line.ts';
import { keptLake, temporaryLake } from '../helpers/lake.ts';
import { type PostServer, startPostServer } from '../helpers/post-server.ts';
import { type SmtpServer, startSmtpServer } from '../helpers/smtp-server.ts';

const PASSWORD = 'canary/pass+word';
const HOOK_PATH = '/hook/canary-of-the-webhook';
const SLACK_PATH = '/services/canary-of-slack';

let webhook: PostServer;
let slack: PostServer;
let mail: SmtpServer;

beforeAll(async () => {
  webhook = await startPostServer(HOOK_PATH);
  slack = await startPostServer(SLACK_PATH);
  mail = await startSmtpServer(PASSWORD);
});

afterAll(async () => {
  await Promise.all([webhook.close(), slack.close(), mail.close()]);
});

function everySink(): Readonly<Record<string, string>> {
  return {
    ADLAKE_ALERT_WEBHOOK_URL: webhook.url,
    ADLAKE_ALERT_SLACK_URL: slack.url,
    ADLAKE_SMTP_URL: mail.url,
    ADLAKE_ALERT_EMAIL_FROM: 'adlake@example.com',
    ADLAKE_ALERT_EMAIL_TO: 'one@example.com, two@example.com',
  };
}

const EVIDENCE = 'insights_campaign_day came with "<!channel>", which its contract does not know.';

function signal(more: Partial<Signal>): Signal {
  return {
    rule: 'schema_drift',
    subject: 'insights_campaign_day',
    day: '2026-11-20',
    evidence: EVIDENCE,
    holds: true,
    ...more,
  };
}

/** A lake in which something was noticed on the 20th: an alert that is a warning, and a critical one. */
function lakeWithAlerts(lake: Lake): Lake {
  const token = signal({ rule: 'token_expiring', subject: 'access_token', evidence: 'It ends.' });
  landSignals(lake, [signal({}), token], '2026-11-20T10:00:00.000Z');
  return lake;
}

function run(lake: Lake, env: Readonly<Record<string, string>>): Promise<Outcome> {
  return adlake(['run', '--offline', '--lake', lake.home], env);
}

async function listed(lake: Lake): Promise<readonly Alert[]> {
  const { stdout } = await adlake(['alerts', 'list', '--all', '--json', '--lake', lake.home]);
  return JSON.parse(stdout) as readonly Alert[];
}

function received(): readonly number[] {
  return [webhook.bodies.length, slack.bodies.length, mail.mails.length];
}

/** Every file of a folder as text. */
function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

describe('a run', () => {
  const lake = keptLake();
  let first: Outcome;
  let second: Outcome;

  beforeAll(async () => {
    lakeWithAlerts(lake);
    webhook.answerWith(500);
    slack.answerWith(404);
    first = await run(lake, everySink());
    second = await run(lake, everySink());
  });

  it('tells of new alerts in its summary', () => {
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain('Alerts: 2 open, 2 new.');
    expect(first.stderr).toContain(
      'CRITICAL: the lake (access_token), since 2026-11-20: The access token is about to expire',
    );
    expect(first.stderr).toContain('Sent to webhook: 2 alerts.');
  });

  it('sends them to a webhook as JSON, and tries again when it has to', () => {
    expect(webhook.bodies).toHaveLength(1);
    expect(webhook.bodies.at(-1)).toMatchObject({
      source: 'adlake',
      is_test: false,
      is_synthetic: false,
      alerts: [
        { rule: 'token_expiring', severity: 'critical', state: 'open' },
        { rule: 'schema_drift', severity: 'warning', evidence: EVIDENCE },
      ],
    });
  });

  it('sends them to Slack without any markup of others', () => {
    const body = slack.bodies.at(-1) as {
      readonly text: string;
      readonly blocks: readonly { readonly text: { readonly text: string } }[];
    };
    expect(body.text).toBe('adlake: 2 new alerts, 1 critical');
    const text = body.blocks.map((block) => block.text.text).join('\n');
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).not.toContain('<!channel>');
  });

  it('mails them', () => {
    const [received] = mail.mails.slice(-1);
    expect(received?.user).toBe('somebody');
    expect(received?.to.join()).toContain('two@example.com');
    expect(received?.text).toContain('Subject: adlake: 2 new alerts, 1 critical');
    expect(received?.text).toContain('It ends.');
  });

  it('sends each alert once to each sink, also when all but landing was made again', async () => {
    const count = received();
    for (const folder of ['zones/raw', 'zones/staging', 'zones/curated', 'cache']) {
      rmSync(join(lake.home, folder), { recursive: true });
    }
    await run(lake, everySink());
    expect(received()).toEqual(count);
    expect((await listed(lake)).map((alert) => alert.sent_to)).toEqual([
      ['email', 'slack', 'webhook'],
      ['email', 'slack', 'webhook'],
    ]);
  });

  it('is not failed by a sink that does not answer, and tells it with the next run', () => {
    expect(first.stderr).toContain('WARNING: slack did not take 2 alerts: the answer 404.');
    expect(second.stderr).toContain('Alerts: 2 open, 0 new.');
    expect(second.stderr).toContain('Sent to slack: 2 alerts.');
    expect(second.stderr).not.toContain('Sent to webhook');
  });

  it('leaves no address and no password anywhere', () => {
    const said = [first.stdout, first.stderr, second.stdout, second.stderr];
    const texts = [...said, ...textsIn(lake.home)];
    const canaries = ['canary', PASSWORD, Buffer.from(PASSWORD).toString('base64').slice(0, 16)];
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => canaries.some((one) => text.includes(one)))).toEqual([]);
  });
});

describe('what is sent', () => {
  it('is at least as bad as was asked for, and not acknowledged', async () => {
    const lake = lakeWithAlerts(temporaryLake());
    const count = webhook.bodies.length;
    const env = { ADLAKE_ALERT_WEBHOOK_URL: webhook.url };
    await run(lake, { ...env, ADLAKE_ALERT_SEVERITY: 'critical' });
    expect(webhook.bodies.at(-1)).toMatchObject({ alerts: [{ rule: 'token_expiring' }] });
    const alerts = await listed(lake);
    const drift = alerts.find(({ rule }) => rule === 'schema_drift')?.alert_id ?? '';
    const ack = ['alerts', 'ack', drift, '--note', 'a new field', '--lake', lake.home];
    expect((await adlake(ack)).stdout).toContain('is acknowledged.');
    await run(lake, env);
    expect(webhook.bodies).toHaveLength(count + 1);
    const shown = await adlake(['alerts', 'show', drift, '--lake', lake.home]);
    expect(shown.stdout).toContain('It is acknowledged: a new field.');
    expect((await adlake(['alerts', 'reopen', drift, '--lake', lake.home])).stdout).toContain(
      'is open.',
    );
  });
});

describe('adlake alerts test', () => {
  let lake: Lake;

  beforeEach(() => {
    lake = temporaryLake();
  });

  it('sends every sink an alert that says it is a test', async () => {
    const count = received();
    const { exitCode, stdout } = await adlake(['alerts', 'test', '--lake', lake.home], everySink());
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(received()).toEqual(count.map((one) => one + 1));
    expect(webhook.bodies.at(-1)).toMatchObject({ is_test: true });
    expect(mail.mails.at(-1)?.text).toContain('[test]');
  });

  it.each([
    ['slack', 302, 'the answer 302'],
    ['webhook', 401, 'the answer 401'],
  ])('says what %s answered, and ends with 69', async (sink, status, found) => {
    (sink === 'slack' ? slack : webhook).answerWith(status);
    const typed = ['alerts', 'test', '--sink', sink, '--lake', lake.home];
    const { exitCode, stdout, stderr } = await adlake(typed, everySink());
    expect(exitCode).toBe(69);
    expect(stdout).toContain(found);
    expect(stdout + stderr).not.toContain('canary');
  });

  it('does not repeat what a mail server says of a wrong password', async () => {
    const wrong = mail.url.replace(encodeURIComponent(PASSWORD), 'canary-that-is-wrong');
    const typed = ['alerts', 'test', '--sink', 'email', '--lake', lake.home];
    const { exitCode, stdout, stderr } = await adlake(typed, {
      ...everySink(),
      ADLAKE_SMTP_URL: wrong,
    });
    expect(exitCode).toBe(69);
    expect(stdout).toContain('did not take the test alert: the answer 535');
    expect(stdout + stderr).not.toMatch(/canary|somebody/);
  });

  it('refuses when no sink is set, and half a mail setting', async () => {
    const none = await adlake(['alerts', 'test', '--lake', lake.home]);
    expect(none.exitCode).toBe(78);
    expect(none.stderr).toContain('No sink for alerts is set.');
    const half = await adlake(['alerts', 'test', '--lake', lake.home], {
      ADLAKE_SMTP_URL: mail.url,
    });
    expect(half.exitCode).toBe(78);
    expect(half.stderr).toContain('ADLAKE_ALERT_EMAIL_FROM and ADLAKE_ALERT_EMAIL_TO is not set');
  });

  it('prints it with --sink console', async () => {
    const { stdout } = await adlake(['alerts', 'test', '--sink', 'console', '--lake', lake.home]);
    expect(stdout).toContain('This is a test: nothing is wrong.');
  });

  it('knows no alert by another id', async () => {
    const { exitCode, stderr } = await adlake(['alerts', 'ack', 'nothing', '--lake', lake.home]);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('There is no alert "nothing".');
  });
});
