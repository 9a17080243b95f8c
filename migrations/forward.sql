-- What goes on to other backends (src/forward). A file of its own, forward.db, beside the record: passing on costs the archive no
-- write. It holds no request; it names deliveries by their number in an archive, and says which archive that is.

-- Where deliveries go.
create table target (
    target_no  integer primary key autoincrement,    -- never given twice: what is under way to one that was removed is no other one's
    app        text    not null,                     -- SDKAppID whose deliveries go there
    url        text    not null,
    private    integer not null,                     -- 1: somebody has said that it may be on this computer or in a private network
    added_ms   integer not null,                     -- what was received before goes there only when somebody asks for it
    paused     text    not null default '',          -- why nothing is sent: by_person, leads_back; empty while it is
    archive    text    not null,                     -- of which archive the numbers are
    since      integer not null,                     -- deliveries behind this one go there
    after      integer not null,                     -- and have been taken up to this one
    taken_ms   integer,                              -- when it last took one
    missed_ms  integer,                              -- when it last did not
    missed     text,                                 -- JSON: what it answered then
    answers    integer not null default 0,           -- 1: what it answers to a command that asks for permission is Tencent's answer
    unique (app, url)
) strict;

-- Deliveries that did not simply go: those that wait for another attempt, were given up, took more than one, or were signed anew.
-- Whatever was taken and is not here went at the first attempt, as it came.
create table attempt (
    target_no   integer not null,
    delivery_id integer not null,                    -- the archive's
    lane        text    not null,                    -- the call or the room, within which the order is kept
    state       integer not null,                    -- 0: waits, 1: went, 2: given up
    attempts    integer not null,
    first_ms    integer,                             -- when it was first tried; null while it waits behind another one of its lane
    last_ms     integer,
    next_ms     integer not null,                    -- when it is tried again, while it waits
    answer      text,                                -- JSON: the last one
    signed      integer not null default 0,          -- 1: it was signed anew at the last attempt
    primary key (target_no, delivery_id)
) strict, without rowid;

-- Serves what is due.
create index attempt_due on attempt (target_no, next_ms) where state = 0;
-- Serves who waits in a lane.
create index attempt_lane on attempt (target_no, lane) where state = 0;
-- Serves counting what was given up, and trying it again.
create index attempt_given_up on attempt (target_no) where state = 2;
