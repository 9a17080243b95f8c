-- The projection: everything that follows from the archive and can be dropped and replayed at any time. It lives in a file of
-- its own, projection-<n>.db. This text is edited in place: when it differs from the one a file was made with, a new file is
-- made and filled from the archive.
--
-- Texts stand once, in the dictionaries; everything else names them by numbers, which are given in the order of arrival. So the
-- numbers of two projections of the same deliveries differ, and never leave the file: the views at the end show the rows by
-- their natural keys, and those are the same in any order. Who opens this file with another program reads the views.

-- How far this projection goes into the archive: deliveries with low < delivery_id <= high, and receipts up to `receipts`.
-- It is filled from the newest delivery to the oldest; it is whole when low is 0 and high is the newest.
create table applied (
    made_with text    not null,                      -- hash of this text
    rules     integer not null,                      -- version of the parser and the folds that filled it
    archive   text    not null,                      -- which archive it follows from
    low       integer not null,
    high      integer not null,
    receipts  integer not null,
    entries   integer not null                       -- entries of people up to this `entry_no`
) strict;

-- Texts of which there are few: applications, codes, causes, platforms, reasons. 0 is the empty one. The actions of
-- rooms have fixed numbers, because indexes name some of them.
create table word (
    word_no integer primary key,
    word    text    not null unique
) strict;
insert into word (word_no, word) values (0, ''), (1, 'created'), (2, 'closed'), (3, 'changed'), (4, 'enter'), (5, 'leave'),
    (6, 'interrupt'), (7, 'recover'), (8, 'activity');

-- Tencent's names of messages, which are searched for. 0 is none.
create table command (
    command_no integer primary key,
    command    text    not null unique
) strict;
insert into command (command_no, command) values (0, '');

-- Users. 0 is nobody: the room's own events.
create table user (
    user_no integer primary key,
    user    text    not null unique
) strict;
insert into user (user_no, user) values (0, '');

-- What tells the rows of a list apart: result, media, type and application of a call; verdict, family and application of what a
-- delivery says; product, type of id and application of a room and of a stay; team and `ours` of a person; state (`put_off` too once it
-- was put off), assignee and application of a case. Empty where a list has fewer. Kinds are few.
create table kind (
    kind_no integer primary key,
    list    text    not null,                        -- call, outcome, room, stay, person, case
    kind_0  text    not null,
    kind_1  text    not null,
    kind_2  text    not null,
    kind_3  text    not null,
    unique (list, kind_0, kind_1, kind_2, kind_3)
) strict;

-- What each delivery says.
create table outcome (
    delivery_id integer not null primary key,        -- the archive's
    received_ms integer not null,                    -- the earliest known receipt
    kind_no     integer not null,                    -- verdict, family, application
    command_no  integer not null,
    reason_no   integer not null,                    -- word
    event_ms    integer,                             -- the event's own time, when it is believed
    call_no     integer,
    room_no     integer
) strict;

-- Serves the list of deliveries, newest first.
create index outcome_newest on outcome (received_ms);
-- Serves the filters by verdict, family and application: each kind of delivery is one range of it.
create index outcome_kind on outcome (kind_no, received_ms);
-- Serves the search for a command.
create index outcome_command on outcome (command_no);
-- Serves the fold of a call and its timeline, which are read from the archive.
create index outcome_call on outcome (call_no) where call_no is not null;
-- Serves the deliveries of one room.
create index outcome_room on outcome (room_no, received_ms) where room_no is not null;

-- Deliveries whose own time lies more than a day after their receipt. They are believed when enough of them, about different
-- calls or rooms, are ahead of this computer's clock by the same amount (fold/plausible.rs); all of one cell are, or none. With
-- a right clock there are hardly any, so they keep their natural key.
create table doubt (
    day         integer not null,                    -- of received_ms; with `ahead` the cell
    ahead       integer not null,                    -- by how many times ten minutes event_ms is ahead of received_ms
    subject     text    not null,                    -- the call or the room, as JSON; empty where it tells of none
    digest      blob    not null,
    delivery_id integer not null,                    -- as in `outcome`
    received_ms integer not null,
    event_ms    integer not null,
    believed    integer not null,                    -- 1: the delivery is dated by event_ms, and not by received_ms
    primary key (day, ahead, subject, digest)
) strict, without rowid;

-- Serves taking a delivery back before it is applied again.
create index doubt_delivery on doubt (delivery_id);

create table call (
    call_no         integer primary key,
    kind_no         integer not null,                -- result (empty while open), media, type, application
    started_ms      integer not null,
    answered_ms     integer,
    ended_ms        integer,
    last_ms         integer not null,
    room_id_type_no integer not null,                -- word
    source_no       integer not null,                -- word
    open            integer,                         -- 1: whether it rings or is in progress depends on the clock; else null
    app_no          integer not null,                -- word
    call_id         text    not null,
    room_id         text                             -- null without one
) strict;

create unique index call_key on call (call_id, app_no);
-- Serves the list of calls, newest first.
create index call_newest on call (started_ms);
-- Serves the filters by result, media, type and application: each kind of call is one range of it.
create index call_kind on call (kind_no, started_ms);
-- Serves the calls that are open.
create index call_open on call (last_ms) where open = 1;
-- Serves the filter by room.
create index call_room on call (room_id, started_ms) where room_id is not null;

create table member (
    call_no      integer not null,
    position     integer not null,                   -- caller, callees in their order, others
    user_no      integer not null,
    started_ms   integer not null,                   -- as the call has it, like kind_no: a user's calls are listed by them
    kind_no      integer not null,
    role         integer not null,                   -- 1: caller, 2: callee, 0: neither
    invited_ms   integer,
    joined_ms    integer,
    left_ms      integer,
    outcome_no   integer not null,                   -- word
    ring_seconds integer,
    talk_seconds integer,
    platform_no  integer not null,                   -- word
    primary key (call_no, position)
) strict, without rowid;

-- Serves the filter by user, newest call first.
create index member_user on member (user_no, started_ms);
-- Serves the filter by user and kind, and counts a user's calls by kind.
create index member_kind on member (user_no, kind_no, started_ms);

create table room (
    room_no    integer primary key,
    kind_no    integer not null,                     -- product, type of id, application
    first_ms   integer not null,
    last_ms    integer not null,
    created_ms integer,                              -- the newest Created event
    ended_ms   integer,                              -- the newest boundary, unless something began after it
    uncounted  integer,                              -- 1: it ended, and nobody has counted who was in it; else null
    users      integer,                              -- distinct ones; like the next two known when all their stays have ended
    stays      integer,
    peak       integer,                              -- the most who were inside at once
    room_id    text    not null
) strict;

create unique index room_key on room (room_id, kind_no);
-- Serves the list of rooms and its filters by product, type of id and application: each kind is one range of it.
create index room_kind on room (kind_no, first_ms);
-- Serves the list of rooms with somebody inside: of these something was heard within a day.
create index room_heard on room (last_ms);
-- Serves whoever counts, when nothing else is to be done.
create index room_uncounted on room (room_no) where uncounted = 1;

-- One row per delivery and user that tells of a room; user 0 for the room's own events.
create table room_event (
    room_no     integer not null,
    user_no     integer not null,
    at_ms       integer not null,
    delivery_id integer not null,
    action_no   integer not null,                    -- word
    cause_no    integer not null,                    -- word
    unique_id   text,
    -- In this order because the fold of one user's stays in one room reads exactly one range of it.
    primary key (room_no, user_no, at_ms, delivery_id)
) strict, without rowid;

-- Serves a room's timeline, its first and last event, and who was in it after a boundary.
create index room_event_time on room_event (room_no, at_ms);
-- Serves the next boundary after a moment: closing a room with a million stays writes one row here and none in `stay`.
create index room_event_boundary on room_event (room_no, at_ms) where action_no = 2;
-- Serves the newest creation of a room.
create index room_event_created on room_event (room_no, at_ms) where action_no = 1;
-- Serves the newest beginning of a room.
create index room_event_begin on room_event (room_no, at_ms) where action_no in (1, 4, 7);

-- What was said of a room, each register with its history; the newest row of a register is what holds.
create table room_detail (
    room_no     integer not null,
    register_no integer not null,                    -- word
    at_ms       integer not null,
    delivery_id integer not null,
    value       text    not null,                    -- JSON; null removes
    primary key (room_no, register_no, at_ms, delivery_id)
) strict, without rowid;

create table stay (
    room_no        integer not null,
    user_no        integer not null,
    n              integer not null,
    kind_no        integer not null,                 -- as the room's, in the list of stays
    sort_ms        integer not null,                 -- entered, else left
    entered_ms     integer,
    left_ms        integer,                          -- the user's own leave; a boundary may come before it
    closes_from_ms integer,                          -- boundaries from here on end the stay; null when none can
    enter_no       integer not null,                 -- word: the cause
    leave_no       integer not null,                 -- word: the cause
    away_ms        integer not null,
    last_ms        integer not null,
    primary key (room_no, user_no, n)
) strict, without rowid;

-- Serves the list of stays and its filters by product, type of id and application: each kind is one range of it.
create index stay_kind on stay (kind_no, sort_ms);
-- Serves the filter by user, newest first.
create index stay_user on stay (user_no, sort_ms);

-- How many rows of each kind fall into each quarter of an hour, each day of UTC and each span of 32 days, so that nobody has to
-- count a million of them. Units are numbered since 1970, by the time that the list is ordered by. One without rows is not there.
create table counter (
    kind_no integer not null,
    unit    integer not null,                        -- 0: quarter of an hour, 1: day, 2: span
    number  integer not null,
    rows    integer not null,
    primary key (kind_no, unit, number)
) strict, without rowid;

-- What figures need of the calls that were started in one hour of UTC, and of their members, packed (query/figures/packed.rs), so
-- that a million calls are read as bytes and not as rows. Each hour with calls has a row: packed when nothing else is to be done,
-- emptied when one of its calls changes. Until it is packed again its calls are read row by row.
create table call_hour (
    hour    integer primary key,                     -- started_ms / 3,600,000
    calls   blob,
    members blob
) strict;

-- Serves whoever packs.
create index call_hour_unpacked on call_hour (hour) where calls is null;

-- What 64 calls or users in a row are called, folded and packed, each text once and ended by the byte 255: a search reads only
-- the rows of those segments that may hold what it looks for.
create table call_segment (
    segment integer primary key,                     -- call_no / 64
    texts   blob                                     -- ids of calls and rooms; null: too long to be packed, so always looked through
) strict;
create table user_segment (
    segment integer primary key,                     -- user_no / 64
    texts   blob                                     -- ids and names
) strict;
create table note_segment (
    segment integer primary key,                     -- note_no / 64
    texts   blob
) strict;

-- What people say of a user id. Derived from the archive's entries, as everything from here on.
create table contact (
    user_no    integer primary key,
    name       text    not null,                     -- empty where nothing is said, as below
    team       text    not null,
    ours       integer not null,                     -- 1: one of us
    phone      text    not null,
    email      text    not null,
    comment    text    not null,
    same_as_no integer,                              -- the user id that it is the same person as
    person_no  integer not null,                     -- the user id that stands for the person: where such a chain ends
    others     text    not null                      -- JSON {field: [values]}: written elsewhere without knowing of what is shown
) strict;

-- Serves finding all ids of a person.
create index contact_person on contact (person_no);
-- Serves who is the same person as somebody.
create index contact_same on contact (same_as_no) where same_as_no is not null;
-- Serves the filter by team, and who is ours.
create index contact_team on contact (team, ours);

-- Everybody who was ever in a call or a room, or whom somebody has named: one row for each id that stands for a person.
create table person (
    user_no  integer primary key,
    kind_no  integer not null,                       -- team, and whether ours
    seen_ms  integer not null,                       -- when last in a call or room; 0: never
    first_ms integer,                                -- when first
    calls    integer not null,                       -- of all ids
    name     text    not null                        -- of whichever id has one
) strict;

-- Serves the list of people, last seen first.
create index person_newest on person (seen_ms);
-- Serves its filters by team and ours: each kind is one range of it.
create index person_kind on person (kind_no, seen_ms);

-- What people have put tags or notes on. A call's is found by its number as soon as there is such a call.
create table subject (
    subject_no integer primary key,
    subject    text    not null unique,              -- as the archive has it: JSON, a kind and its natural key
    app_no     integer,                              -- word: of a call
    call_id    text,
    call_no    integer,
    started_ms integer,                              -- as the call has it, like kind_no: calls with a note are listed by them
    kind_no    integer,
    user_no    integer,                              -- of a user
    notes      integer not null default 0            -- how many are on it
) strict;

-- Serves a call that comes after what was said of it.
create unique index subject_call_id on subject (call_id, app_no) where call_id is not null;
-- Serves what is shown of a call.
create unique index subject_call on subject (call_no) where call_no is not null;
-- Serves what is shown of a user.
create unique index subject_user on subject (user_no) where user_no is not null;
-- Serves the filter of calls by having a note, newest first.
create index subject_noted on subject (started_ms) where notes > 0 and started_ms is not null;
-- Serves it together with a kind, and counts those calls by kind.
create index subject_noted_kind on subject (kind_no, started_ms) where notes > 0 and started_ms is not null;

create table tag (
    tag_no integer primary key,
    tag    text    not null unique
) strict;

create table tagged (
    tag_no     integer not null,
    subject_no integer not null,
    call_no    integer,                              -- as the subject has it, like the next two: a tag's calls are listed by them
    started_ms integer,
    kind_no    integer,
    primary key (tag_no, subject_no)
) strict, without rowid;

-- Serves the tags of one subject.
create index tagged_subject on tagged (subject_no);
-- Serves the filter of calls by tag, newest first.
create index tagged_newest on tagged (tag_no, started_ms) where started_ms is not null;
-- Serves the filter by tag and kind, and counts a tag's calls by kind.
create index tagged_kind on tagged (tag_no, kind_no, started_ms) where started_ms is not null;

-- Notes that are not deleted.
create table note (
    note_no    integer primary key,
    id         text    not null unique,              -- a UUID
    subject_no integer not null,                     -- on what
    text       text    not null,
    at_ms      integer not null,                     -- when it was first written
    person     text    not null,                     -- JSON {id, name}: by whom
    device     text    not null,
    edited_ms  integer,                              -- when its text was written that is shown, where it is another one
    edited_by  text    not null                      -- a name
) strict;

-- Serves the notes of one subject, oldest first.
create index note_subject on note (subject_no, at_ms);

-- What people have said of a call so that it is followed up: of each field what is shown (rules.md section 12).
create table case_entry (
    subject_no integer not null,                     -- a call
    field      text    not null,                     -- state, assignee, until, reason
    value      text    not null,                     -- JSON
    at_ms      integer not null,
    id         text    not null,                     -- of the entry: a UUID
    person     text    not null,                     -- JSON {id, name}: who wrote it
    primary key (subject_no, field)
) strict, without rowid;

-- Cases of missed callers. They follow from the calls of a person, from who is ours and from what people have said, and are derived
-- when nothing else is to be done.
create table follow_up (
    case_no     integer primary key,
    kind_no     integer not null,                    -- state, assignee, application
    person_no   integer not null,                    -- the caller's user id that stands for the person
    first_ms    integer not null,                    -- when the first miss and the last one started
    last_ms     integer not null,
    misses      integer not null,
    call_no     integer not null,                    -- the newest miss
    closed_ms   integer,                             -- null while it is open
    how         text    not null,                    -- called_back, called_again, by_hand, or empty
    by_user_no  integer,                             -- who of ours talked
    by_person   text    not null,                    -- JSON {id, name}: who closed it by hand, or empty
    after_ms    integer,                             -- from the end of the first miss until it was closed
    closed_by   integer,                             -- the call that closed it
    assignee    text    not null,                    -- JSON {id, name}, or empty
    until_ms    integer,                             -- put off until then
    reason      text    not null
) strict;

-- Serves the list of cases, the newest last miss first.
create index follow_up_newest on follow_up (last_ms);
-- Serves its filters by state and assignee, and how long cases were open: each kind is one range of it.
create index follow_up_kind on follow_up (kind_no, last_ms, after_ms);
-- Serves the cases of one person, and deriving them again from a moment on.
create index follow_up_person on follow_up (person_no, first_ms);
-- Serves those that are put off.
create index follow_up_until on follow_up (until_ms) where until_ms is not null;

-- The misses of each case, oldest first.
create table follow_up_miss (
    case_no  integer not null,
    position integer not null,
    call_no  integer not null,
    primary key (case_no, position)
) strict, without rowid;

-- Serves the case of a call.
create index follow_up_miss_call on follow_up_miss (call_no);

-- Whose cases are to be derived again: those that were open then or later, and those that begin after it.
create table follow_up_stale (
    person_no integer primary key,
    from_ms   integer not null
) strict;

-- From which user on everybody's cases are still to be derived; null when nobody's.
create table follow_up_sweep (
    next_user integer
) strict;
insert into follow_up_sweep (next_user) values (null);

-- What a room is known by.
create view room_name as
    select room_no, kind_2 as app, kind_0 as product, kind_1 as room_id_type, room_id from room join kind using (kind_no);

create view outcome_natural as
    select delivery_id, received_ms, kind_2 as app, kind_1 as family, command, kind_0 as verdict,
           reason.word as reason, event_ms, call_id, product, room_id_type, room_id
    from outcome
    join kind using (kind_no)
    join command using (command_no)
    join word as reason on reason.word_no = reason_no
    left join (select call_no, call_id from call) using (call_no)
    left join room_name using (room_no);

create view contact_natural as
    select user.user, name, team, ours, phone, email, comment, other.user as same_as, whole.user as person, others
    from contact
    join user on user.user_no = contact.user_no
    join user as whole on whole.user_no = person_no
    left join user as other on other.user_no = same_as_no;

create view person_natural as
    select user, person.name, kind_0 as team, kind_1 as ours, seen_ms, first_ms, calls
    from person join kind using (kind_no) join user using (user_no);

create view tagged_natural as
    select subject, tag, tagged.started_ms, kind_0 as result, kind_1 as media, kind_2 as call_type
    from tagged join tag using (tag_no) join subject using (subject_no) left join kind on kind.kind_no = tagged.kind_no;

create view note_natural as
    select id, subject, text, at_ms, person, device, edited_ms, edited_by, notes, started_ms, kind_0 as result, kind_1 as media,
           kind_2 as call_type
    from note join subject using (subject_no) left join kind using (kind_no);

create view case_entry_natural as
    select subject, field, value, at_ms, id, person from case_entry join subject using (subject_no);

-- Compared only where nothing waits to be derived.
create view follow_up_natural as
    select kind_2 as app, caller.user, kind_0 as state, first_ms, last_ms, misses,
           (select json_group_array(call_id) from (select call_id from follow_up_miss join call using (call_no)
                where follow_up_miss.case_no = follow_up.case_no order by position)) as calls,
           closed_ms, how, coalesce(ours.user, '') as by_user, by_person, after_ms,
           coalesce((select call_id from call where call.call_no = closed_by), '') as closing_call, assignee, until_ms, reason
    from follow_up
    join kind using (kind_no)
    join user as caller on caller.user_no = person_no
    left join user as ours on ours.user_no = by_user_no;

create view call_natural as
    select kind_3 as app, call_id, started_ms, answered_ms, ended_ms, kind_0 as result, kind_1 as media, kind_2 as call_type,
           coalesce((select user from member join user using (user_no)
                where member.call_no = call.call_no and role = 1), '') as caller,
           (select json_group_array(user) from (select user from member join user using (user_no)
                where member.call_no = call.call_no and role = 2 order by position)) as callees,
           (select json_group_array(user) from (select user from member join user using (user_no)
                where member.call_no = call.call_no and role = 0 order by position)) as others,
           room_id, id_type.word as room_id_type, source.word as source, last_ms
    from call
    join kind using (kind_no)
    join word as id_type on id_type.word_no = room_id_type_no
    join word as source on source.word_no = source_no;

create view member_natural as
    select kind_3 as app, call_id, position, user, member.started_ms, kind_0 as result, kind_1 as media, kind_2 as call_type,
           case role when 1 then 'caller' when 2 then 'callee' else '' end as role, invited_ms, joined_ms, left_ms,
           became.word as outcome, ring_seconds, talk_seconds, platform.word as platform
    from member
    join kind using (kind_no)
    join call using (call_no)
    join user using (user_no)
    join word as became on became.word_no = outcome_no
    join word as platform on platform.word_no = platform_no;

create view room_natural as
    select kind_2 as app, kind_0 as product, kind_1 as room_id_type, room_id, first_ms, last_ms, created_ms, ended_ms
    from room join kind using (kind_no);

create view room_event_natural as
    select app, product, room_id_type, room_id, user, at_ms, delivery_id, action.word as action, cause.word as cause, unique_id
    from room_event
    join room_name using (room_no)
    join user using (user_no)
    join word as action on action.word_no = action_no
    join word as cause on cause.word_no = cause_no;

create view room_detail_natural as
    select app, product, room_id_type, room_id, word as register, at_ms, delivery_id, value
    from room_detail
    join room_name using (room_no)
    join word on word_no = register_no;

create view stay_natural as
    select kind_2 as app, kind_0 as product, kind_1 as room_id_type, room_id, user, n, entered_ms, left_ms, closes_from_ms,
           enter.word as enter_cause, leave.word as leave_cause, away_ms, stay.last_ms, sort_ms
    from stay
    join kind using (kind_no)
    join room using (room_no)
    join user using (user_no)
    join word as enter on enter.word_no = enter_no
    join word as leave on leave.word_no = leave_no;

create view counter_natural as
    select list, kind_0, kind_1, kind_2, kind_3, unit, number, rows from counter join kind using (kind_no) where list <> 'case';

create view follow_up_counter_natural as
    select kind_0, kind_1, kind_2, unit, number, rows from counter join kind using (kind_no) where list = 'case';
