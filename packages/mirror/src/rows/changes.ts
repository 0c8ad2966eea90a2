/**
 * The end of a statement that writes: gives the rows of `changed` numbers and puts them into the feed.
 *
 * The one row of `feed` is the last that a statement locks, and is locked until the commit. So numbers are handed out in
 * the order of commits and without gaps, and who has read up to one misses nothing. `$5` is the source, `$6` the actor,
 * `$7` the channel.
 */
export function changesOf(quoted: string, now: string): string {
  // Not private metadata, and nothing of a person who was deleted.
  const visible = (column: string) =>
    `case when c.deleted then ${withoutPersonalData(`c.${column}`)} else c.${column} end - 'privateMetadata'`
  return `shown as materialized (
  select c.organization_id, c.user_id, ${visible('before')} as before, ${visible('after')} as after,
    row_number() over (order by c.place) as place
  from changed c where ${visible('before')} is distinct from ${visible('after')}
), numbered as (
  update ${quoted}.feed f set last = f.last + n.count
  from (select count(*) as count, (select count(*) from facts) as after_facts from shown) n
  where n.count > 0 and n.after_facts >= 0 returning f.last - n.count as base
), recorded as (
  insert into ${quoted}.changes (number, at, organization_id, user_id, kind, before, after, source, actor)
  select numbered.base + c.place, ${now}, c.organization_id, c.user_id,
    case when c.before is null then 'created' when c.after is null then 'deleted' else 'updated' end,
    c.before, c.after, $5, $6
  from shown c, numbered
  returning number
), notified as (
  select pg_notify($7, 'change') from (select max(number) as last from recorded) r where r.last is not null
)`
}

/** A membership without the names and addresses of its user, in SQL. */
export function withoutPersonalData(membership: string): string {
  return `case when jsonb_typeof(${membership} -> 'publicUserData') = 'object' then jsonb_set(${membership}, '{publicUserData}',
      jsonb_build_object('userId', ${membership} #> '{publicUserData,userId}', 'firstName', null, 'lastName', null, 'imageUrl', '', 'hasImage', false))
    else ${membership} end`
}
