-- The columns of the calls' export (rules.md section 8), as far as SQL can say them: times in UTC, durations in whole seconds that
-- are never negative. What `calltrail export` derives from the clock is derived here too: a call without a known end rings for five
-- minutes and is in progress for a day. Contact names, notes and tags are empty columns in both.
with told as (
    select call_no, call_id, kind_3 as app, started_ms, answered_ms, ended_ms, kind_1 as media, kind_2 as call_type, room_id,
        id_type.word as room_id_type, heard.word as source, case
        when kind_0 <> '' then kind_0
        when ended_ms is not null then 'unknown'
        when answered_ms is not null then iif(unixepoch() * 1000 - last_ms < 86400000, 'in_progress', 'unknown')
        when unixepoch() * 1000 - last_ms < 300000 then 'ringing'
        else 'unknown' end as outcome
    from call
    join kind using (kind_no)
    join word as id_type on id_type.word_no = room_id_type_no
    join word as heard on heard.word_no = source_no
)
select
    call_id,
    app,
    strftime('%Y-%m-%d %H:%M:%S', started_ms / 1000, 'unixepoch') as started,
    strftime('%Y-%m-%d %H:%M:%S', answered_ms / 1000, 'unixepoch') as answered,
    strftime('%Y-%m-%d %H:%M:%S', ended_ms / 1000, 'unixepoch') as ended,
    outcome as result,
    media,
    call_type as type,
    (select user from member join user using (user_no) where member.call_no = told.call_no and role = 1) as caller,
    '' as caller_name,
    (select group_concat(user, '; ') from (
        select user from member join user using (user_no)
        where member.call_no = told.call_no and role = 2 order by position)) as callees,
    '' as callee_names,
    (select count(*) from member where member.call_no = told.call_no) as members,
    iif(outcome in ('ringing', 'unknown'), null, max((coalesce(answered_ms, ended_ms) - started_ms) / 1000, 0)) as ring_seconds,
    iif(outcome in ('ringing', 'unknown', 'in_progress'), null,
        iif(answered_ms is null and ended_ms is not null, 0, max((ended_ms - answered_ms) / 1000, 0))) as talk_seconds,
    room_id,
    room_id_type,
    source,
    '' as note,
    '' as tags
from told
order by started_ms desc, app, call_id;
