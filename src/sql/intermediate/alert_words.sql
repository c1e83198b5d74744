-- Grain: one row per rule: what it means and what to do, in words for people.
with final as (
  select
    'spend_anomaly' as rule,
    'Spend is far from what is usual.' as what,
    'Look for a changed budget, bid or audience, or a payment that failed.' as advice
  union all
  select 'ctr_drop', 'People click far less than usual.', 'Look at the newest ads and at how often people have seen them; a fresh creative is the usual answer.'
  union all
  select 'roas_below_target', 'It returns less than its target.', 'See campaign_roi_analysis for what to do with it, and set its own target if this one is wrong.'
  union all
  select 'high_frequency', 'The same people see the ads too often.', 'Widen the audience, rotate creatives, or lower the budget.'
  union all
  select 'budget_depleted', 'The lifetime budget is nearly gone.', 'Raise the budget, or let it end.'
  union all
  select 'pacing_over', 'It spends faster than its budget says.', 'Check the budget and when it is to end; lower the bid or the budget if it must last.'
  union all
  select 'pacing_under', 'It spends less than its budget allows.', 'Look for a narrow audience, a low bid cap or ads that were not approved; or give the money to another campaign.'
  union all
  select 'delivery_stopped', 'It is set to deliver and does not.', 'Look in the Ads Manager for a failed payment, rejected ads, a reached limit or an ended schedule.'
  union all
  select 'purchases_missing', 'Clicks go on and no purchase is counted: tracking may be broken.', 'Buy something yourself and watch the pixel in the Events Manager; look at what was changed on the site.'
  union all
  select 'data_late', 'Data is late.', 'Run `adlake run`, and `adlake doctor` if it does not help.'
  union all
  select 'token_expiring', 'The access token is about to expire, or no longer works.', 'Run `adlake auth refresh`, or make a new token and `adlake auth login`.'
  union all
  select 'schema_drift', 'The platform sends fields that are not known, or in another shape.', 'See what they are in the notes of `adlake runs show`; nothing of them is lost in raw.'
)

select * from final
