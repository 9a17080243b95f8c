-- The projection: everything that follows from the archive and can be dropped and replayed at any time. It lives in a file of
-- its own, projection-<n>.db. This text is edited in place: when it differs from the one a file was made with, a new file is
-- made and filled from the archive. Rows have natural keys, so that the same deliveries give the same rows in any order.

-- How far this projection goes into the archive: deliveries with low < delivery_id <= high, and receipts up to `receipts`.
-- It is filled from the newest delivery to the oldest; it is whole when low is 0 and high is the newest.
create table applied (
    made_with text    not null,                      -- hash of this text
    rules     integer not null,                      -- version of the parser and the folds that filled it
    archive   text    not null,                      -- which archive it follows from
    low       integer not null,
    high      integer not null,
    receipts  integer not null
) strict;

-- What each delivery says. In the order of the archive, so that rows are added at the end and not all over the table.
create table reading (
    delivery_id  integer not null primary key,       -- the archive's; no part of what is compared, because it differs between archives
    digest       blob    not null,
    received_ms  integer not null,                   -- the earliest known receipt
    app          text    not null,
    family       text    not null,
    command      text    not null,
    verdict      text    not null,
    reason       text    not null,
    event_ms     integer,                            -- the event's own time, when it is believed
    call_id      text    not null,
    product      text    not null,
    room_id_type text    not null,
    room_id      text    not null
) strict;

-- Serves the list of deliveries, newest first.
create index reading_newest on reading (received_ms desc, app, digest);
-- Serves the filters by verdict, family and application: each kind of delivery is one stretch of it, newest first.
create index reading_kind on reading (verdict, family, app, received_ms desc, digest);
-- Serves the deliveries of one room.
create index reading_room on reading (room_id, received_ms desc, app, digest) where room_id <> '';

-- Deliveries whose own time lies more than a day after their receipt. They are believed when enough of them, about different
-- calls or rooms, are ahead of this computer's clock by the same amount (src/store/fold/plausible.rs); all of one cell are, or
-- none. With a right clock there are hardly any.
create table doubt (
    day         integer not null,                    -- of received_ms; with `ahead` the cell
    ahead       integer not null,                    -- by how many times ten minutes event_ms is ahead of received_ms
    subject     text    not null,                    -- the call or the room, as JSON; empty where it tells of none
    digest      blob    not null,
    delivery_id integer not null,                    -- as in `reading`
    received_ms integer not null,
    event_ms    integer not null,
    believed    integer not null,                    -- 1: the delivery is dated by event_ms, and not by received_ms
    primary key (day, ahead, subject, digest)
) strict, without rowid;

-- Serves taking a delivery back before it is applied again.
create index doubt_delivery on doubt (delivery_id);

-- One row per delivery that tells of a call: the input of the fold, and its timeline.
create table call_event (
    app       text    not null,
    call_id   text    not null,
    digest    blob    not null,
    at_ms     integer not null,
    flagged   integer not null,                      -- 1: at_ms is the time of receipt
    family    text    not null,
    command   text    not null,
    client_ip text    not null,
    platform  text    not null,
    facts     text    not null,                      -- callback::facts::CallDetail as JSON
    primary key (app, call_id, digest)
) strict, without rowid;

create table call (
    app          text    not null,
    call_id      text    not null,
    started_ms   integer not null,
    answered_ms  integer,
    ended_ms     integer,
    result       text    not null,                   -- empty while open: ringing and in_progress depend on the clock
    media        text    not null,
    call_type    text    not null,
    caller       text    not null,
    callees      text    not null,                   -- JSON [user, ...]
    others       text    not null,                   -- JSON [user, ...]
    members      integer not null,
    room_id      text    not null,
    room_id_type text    not null,
    source       text    not null,
    sources      text    not null,                   -- JSON {field: source}
    last_ms      integer not null,
    primary key (app, call_id)
) strict, without rowid;

-- Serves the list of calls, newest first. It holds what tells kinds apart, so that what a search found can be counted by kind.
create index call_newest on call (started_ms desc, app, call_id, result, media, call_type);
-- Serves the filters by result, media, type and application: each kind of call is one stretch of it, newest first.
create index call_kind on call (result, media, call_type, app, started_ms desc, call_id);
-- Serves the calls that are open: which of them ring or are in progress depends on the clock. It holds what counting them needs.
create index call_open on call (last_ms, answered_ms, ended_ms, started_ms, media, call_type, app, result) where result = '';
-- Serves the filter by room.
create index call_room on call (room_id, started_ms desc, app, call_id) where room_id <> '';

create table member (
    app          text    not null,
    call_id      text    not null,
    user         text    not null,
    started_ms   integer not null,                   -- as the call has it, like the three below: a user's calls are listed by them
    result       text    not null,
    media        text    not null,
    call_type    text    not null,
    position     integer not null,                   -- caller, callees in their order, others
    role         text    not null,
    invited_ms   integer,
    joined_ms    integer,
    left_ms      integer,
    outcome      text    not null,
    ring_seconds integer,
    talk_seconds integer,
    platform     text    not null,
    primary key (app, call_id, user)
) strict, without rowid;

-- Serves the filter by user, newest call first. It holds what the other filters ask for, so that the many calls of a user need not
-- be looked up to be counted.
create index member_user on member (user, started_ms desc, app, call_id, result, media, call_type);

-- One row per delivery and user that tells of a room; user is empty for the room's own events.
create table room_event (
    app          text    not null,
    product      text    not null,
    room_id_type text    not null,
    room_id      text    not null,
    digest       blob    not null,
    user         text    not null,
    at_ms        integer not null,
    flagged      integer not null,
    action       text    not null,
    cause        text    not null,
    unique_id    text,
    family       text    not null,
    command      text    not null,
    client_ip    text    not null,
    platform     text    not null,
    sent         text    not null,                   -- JSON {name: value} of what has no column
    -- In this order because the fold of one user's stays in one room reads exactly one stretch of it.
    primary key (app, product, room_id_type, room_id, user, at_ms, digest)
) strict, without rowid;

-- Serves a room's timeline, its first and last event, and who was in it after a boundary.
create index room_event_time on room_event (app, product, room_id_type, room_id, at_ms);
-- Serves the next boundary after a moment: closing a room with a million stays writes one row here and none in `stay`.
create index room_event_boundary on room_event (app, product, room_id_type, room_id, at_ms) where action = 'closed';
-- Serves the newest creation of a room.
create index room_event_created on room_event (app, product, room_id_type, room_id, at_ms) where action = 'created';
-- Serves the newest beginning of a room.
create index room_event_begin on room_event (app, product, room_id_type, room_id, at_ms)
    where action in ('created', 'enter', 'recover');

-- What was said of a room, each register with its history; the newest row of a register is what holds.
create table room_detail (
    app          text    not null,
    product      text    not null,
    room_id_type text    not null,
    room_id      text    not null,
    register     text    not null,
    at_ms        integer not null,
    digest       blob    not null,
    value        text    not null,                   -- JSON; null removes
    primary key (app, product, room_id_type, room_id, register, at_ms, digest)
) strict, without rowid;

create table room (
    app          text    not null,
    product      text    not null,
    room_id_type text    not null,
    room_id      text    not null,
    first_ms     integer not null,
    last_ms      integer not null,
    created_ms   integer,                            -- the newest Created event
    ended_ms     integer,                            -- the newest boundary, unless something began after it
    primary key (app, product, room_id_type, room_id)
) strict, without rowid;

-- Serves the list of rooms and its filters by product, type of id and application: each kind is one stretch, newest first.
create index room_kind on room (product, room_id_type, app, first_ms desc, room_id);

create table stay (
    app            text    not null,
    product        text    not null,
    room_id_type   text    not null,
    room_id        text    not null,
    user           text    not null,
    n              integer not null,
    entered_ms     integer,
    left_ms        integer,                          -- the user's own leave; a boundary may come before it
    closes_from_ms integer,                          -- boundaries from here on end the stay; null when none can
    enter_cause    text    not null,
    leave_cause    text    not null,
    away_ms        integer not null,
    last_ms        integer not null,
    sort_ms        integer not null,                 -- entered, else left
    primary key (app, product, room_id_type, room_id, user, n)
) strict, without rowid;

-- Serves the list of stays and its filters by product, type of id and application: each kind is one stretch, newest first.
create index stay_kind on stay (product, room_id_type, app, sort_ms desc, room_id, user, n);
-- Serves the filter by user, newest first.
create index stay_user on stay (user, sort_ms desc, app, room_id, product, room_id_type, n);

-- How many rows of each kind fall into each quarter of an hour, so that nobody has to count a million of them. A day of one kind
-- is one row; one in which all are 0 is not there.
create table tally (
    list     text    not null,                       -- call, reading, room, stay: the table that is counted
    day      integer not null,                       -- days of UTC since 1970, by the time that the list is ordered by
    kind_0   text    not null,                       -- the first columns of <list>_kind; empty where that has fewer
    kind_1   text    not null,
    kind_2   text    not null,
    kind_3   text    not null,
    rows     integer not null,                       -- of the whole day
    quarters blob    not null check (length(quarters) = 384),  -- 96 counters of 4 bytes, the lowest first
    primary key (list, day, kind_0, kind_1, kind_2, kind_3)
) strict, without rowid;

-- The same in spans of 32 days: totals and choices of years are sums of some hundred rows.
create table tally_span (
    list     text    not null,
    span     integer not null,                       -- spans of UTC since 1970
    kind_0   text    not null,
    kind_1   text    not null,
    kind_2   text    not null,
    kind_3   text    not null,
    rows     integer not null,
    primary key (list, span, kind_0, kind_1, kind_2, kind_3)
) strict, without rowid;

-- The ids of all calls in the order of the list, packed so that a search can look through them at once (src/store/search).
-- A block begins with the call that it is named after, or before all calls.
create table search_block (
    started_ms integer not null,
    app        text    not null,
    call_id    text    not null,
    ids        blob    not null,
    primary key (started_ms desc, app, call_id)
) strict, without rowid;

-- What each stretch of 64 deliveries tells of: the ids of its calls and rooms and its commands, each once and packed, so that a
-- search reads only the stretches that may hold what it looks for (src/store/search/stretch.rs).
create table search_stretch (
    stretch     integer not null primary key,        -- delivery_id / 64; an accident of the order of arrival, as that is
    earliest_ms integer not null,                    -- received_ms of the first and the last of them
    latest_ms   integer not null,
    texts       blob                                 -- null: too long to be packed, so they are always looked through
) strict;
