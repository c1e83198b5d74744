import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { type Batch, campaignInScope } from '../landing/batch.ts';
import { isSqliteError, type Sqlite } from '../sqlite.ts';
import { cacheFile, type Lake } from '../zone.ts';
import type { Activity, CampaignFacts } from './activity.ts';
import { campaignsIn, daysIn } from './fold.ts';
import { ACCOUNT_TABLES, openTables } from './tables.ts';

/** The two datasets that activity follows from. */
export interface ActivitySources {
  readonly campaigns: Dataset;
  readonly campaignDays: Dataset;
}

/** What is known of a campaign before it is asked what answers spoke of it. */
export type StoredFacts = Omit<CampaignFacts, 'knownUntil' | 'lastAsked'>;

/** Batches of one account, oldest first. */
export interface ActivityBatches {
  readonly campaigns: readonly Batch[];
  readonly campaignDays: readonly Batch[];
}

/**
 * The activity cache, `cache/campaign_activity.db`. It holds nothing that landing does not: it is
 * brought up to date from new batches, and rebuilt when it is missing, broken, older than its time to
 * live, or does not agree with landing.
 */
export class ActivityStore {
  private readonly db: Sqlite;

  private constructor(db: Sqlite) {
    this.db = db;
  }

  /**
   * Opens the cache of a lake; a file that is broken is set aside as `….corrupt`. Throws
   * `CONFIG_INVALID` when better-sqlite3 cannot be loaded, as after a change of Node.
   */
  static open(lake: Lake): ActivityStore {
    const path = cacheFile(lake, 'campaign_activity.db');
    mkdirSync(dirname(path), { recursive: true });
    try {
      return new ActivityStore(openTables(path));
    } catch (error) {
      if (!isSqliteError(error)) throw unusableEngine(error);
      renameSync(path, `${path}.corrupt`);
      rmSync(`${path}-journal`, { force: true });
      return new ActivityStore(openTables(path));
    }
  }

  /** The same in memory: reads landing, writes nothing to disk. */
  static inMemory(): ActivityStore {
    return new ActivityStore(openTables(':memory:'));
  }

  close(): void {
    this.db.close();
  }

  /** Takes in what has landed since. `now` is an instant in UTC. */
  update(
    from: { readonly lake: Lake; readonly sources: ActivitySources; readonly accountId: string },
    batches: ActivityBatches,
    age: { readonly now: string; readonly ttlHours: number },
  ): void {
    this.db.transaction(() => {
      if (!this.isUsable(from.accountId, batches, age)) this.clear(from.accountId, age.now);
      for (const batch of this.fresh(from.accountId, batches.campaigns)) {
        this.takeCampaigns(batch, campaignsIn(from.lake, from.sources.campaigns, batch));
      }
      for (const batch of this.fresh(from.accountId, batches.campaignDays)) {
        this.takeDays(batch, daysIn(from.lake, from.sources.campaignDays, batch));
      }
    });
  }

  /** Every campaign of the account that was listed or delivered, by id. */
  facts(accountId: string): readonly StoredFacts[] {
    const days = new Map<string, string[]>();
    const read = this.db.prepare<[string], { campaign_id: string; day: string }>(
      'select campaign_id, day from delivery_day where account_id = ? order by day',
    );
    for (const { campaign_id: id, day } of read.all(accountId)) {
      const known = days.get(id);
      if (known === undefined) days.set(id, [day]);
      else known.push(day);
    }
    return this.db
      .prepare<[string], Omit<StoredFacts, 'deliveryDays'>>(
        `select account_id, campaign_id, campaign_name, effective_status, stop_time,
                coalesce(created, first_seen) as created
           from campaign where account_id = ? order by campaign_id`,
      )
      .all(accountId)
      .map((campaign) => ({ ...campaign, deliveryDays: days.get(campaign.campaign_id) ?? [] }));
  }

  /** Writes down what was decided, for people and for `activity list`. */
  record(facts: CampaignFacts, activity: Activity, today: string): void {
    this.db
      .prepare('insert or replace into campaign_activity values (?,?,?,?,?,?,?,?,?,?,?,?)')
      .run(
        facts.account_id,
        facts.campaign_id,
        facts.campaign_name,
        facts.effective_status,
        facts.stop_time,
        activity.state,
        activity.day,
        activity.why,
        activity.last_delivery,
        activity.inactive_days,
        facts.lastAsked,
        today,
      );
    const { account_id: account, campaign_id: campaign } = facts;
    this.db
      .prepare('delete from activity_history where account_id = ? and campaign_id = ?')
      .run(account, campaign);
    const insert = this.db.prepare('insert or replace into activity_history values (?,?,?,?,?)');
    for (const change of activity.history) {
      insert.run(account, campaign, change.day, change.state, change.why);
    }
  }

  /** Runs several writes as one. */
  together(act: () => void): void {
    this.db.transaction(act);
  }

  /** Usable when it is young enough and holds a beginning of what is in landing, in that order. */
  private isUsable(
    accountId: string,
    batches: ActivityBatches,
    age: { readonly now: string; readonly ttlHours: number },
  ): boolean {
    const built = this.db
      .prepare<[string], { built_at: string }>(
        'select built_at from cache_state where account_id = ?',
      )
      .get(accountId);
    if (built === undefined) return false;
    const builtAt = Temporal.Instant.from(built.built_at);
    const hours = builtAt.until(Temporal.Instant.from(age.now)).total('hours');
    if (!(hours >= 0 && hours < age.ttlHours)) return false;
    return this.isPrefix(accountId, batches);
  }

  private isPrefix(accountId: string, batches: ActivityBatches): boolean {
    const applied = this.db
      .prepare<[string], { dataset: string; batch_id: string; place: number }>(
        'select dataset, batch_id, place from applied_batch where account_id = ?',
      )
      .all(accountId);
    const landed = new Map<string, string>();
    for (const list of [batches.campaigns, batches.campaignDays]) {
      for (const [place, batch] of list.entries()) {
        landed.set(`${batch.dataset}/${place}`, batch.batch_id);
      }
    }
    return applied.every((one) => landed.get(`${one.dataset}/${one.place}`) === one.batch_id);
  }

  private fresh(accountId: string, batches: readonly Batch[]): readonly Batch[] {
    const isApplied = this.db.prepare(
      'select 1 from applied_batch where account_id = ? and dataset = ? and batch_id = ?',
    );
    const apply = this.db.prepare('insert into applied_batch values (?,?,?,?)');
    return batches.filter((batch, place) => {
      const { dataset, batch_id: id } = batch;
      if (isApplied.get(accountId, dataset, id) !== undefined) return false;
      apply.run(accountId, dataset, id, place);
      return true;
    });
  }

  private clear(accountId: string, now: string): void {
    for (const table of ACCOUNT_TABLES) {
      this.db.prepare(`delete from ${table} where account_id = ?`).run(accountId);
    }
    this.db.prepare('insert into cache_state values (?, ?)').run(accountId, now);
  }

  private takeCampaigns(batch: Batch, campaigns: ReturnType<typeof campaignsIn>): void {
    const upsert = this.db.prepare(`
      insert into campaign values (@account, @campaign_id, @campaign_name, @effective_status,
        @stop_time, @created, @today)
      on conflict do update set campaign_name = excluded.campaign_name,
        effective_status = excluded.effective_status, stop_time = excluded.stop_time,
        created = coalesce(excluded.created, created),
        first_seen = min(first_seen, excluded.first_seen)`);
    for (const campaign of campaigns) {
      upsert.run({ ...campaign, account: batch.account_id, today: batch.today });
    }
  }

  private takeDays(batch: Batch, said: ReturnType<typeof daysIn>): void {
    if (said.isWhole) this.takeBack(batch);
    const { account_id: account, today } = batch;
    const add = this.db.prepare('insert or ignore into delivery_day values (?,?,?)');
    const remove = this.db.prepare(
      'delete from delivery_day where account_id = ? and day = ? and campaign_id = ?',
    );
    const see = this.db.prepare(`
      insert into campaign values (?, ?, null, null, null, null, ?)
      on conflict do update set first_seen = min(first_seen, excluded.first_seen)`);
    for (const { campaign_id: id, day, delivered } of said.rows) {
      (delivered ? add : remove).run(account, day, id);
      see.run(account, id, day < today ? day : today);
    }
  }

  /** A whole answer replaces what it asked about. */
  private takeBack(batch: Batch): void {
    const { since, until, campaigns } = batch.scope;
    const known = this.db
      .prepare<[string, string, string], { day: string; campaign_id: string }>(
        'select day, campaign_id from delivery_day where account_id = ? and day between ? and ?',
      )
      .all(batch.account_id, since ?? '', until ?? '');
    const remove = this.db.prepare(
      'delete from delivery_day where account_id = ? and day = ? and campaign_id = ?',
    );
    for (const { day, campaign_id: id } of known) {
      if (campaignInScope(campaigns, id)) remove.run(batch.account_id, day, id);
    }
  }
}

function unusableEngine(cause: unknown): AdlakeError {
  return new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `The activity cache needs better-sqlite3, which does not load under Node ${process.version}.`,
    remedy: 'Run `npm rebuild better-sqlite3`, or `npm ci`, with the Node you use, then run again.',
    cause,
  });
}
