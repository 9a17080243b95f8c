-- What the record knows of its own completeness: when callbacks could be taken, and which periods Tencent's call records were read
-- for (docs/rules.md section 13). Neither follows from a delivery, so neither can be derived again.

-- A time without a break in which the listener was able to take callbacks.
create table up (
    up_no   integer primary key,
    id      blob    not null unique check (length(id) = 16), -- a UUID: the same period in every copy of this file
    from_ms integer not null,
    to_ms   integer not null,                        -- written again every minute while it goes on
    ended   text    not null,                        -- why it ended; empty while it goes on, and for ever after a kill
    digest  blob    not null check (length(digest) = 32) -- SHA-256 of all the above as one line of JSON
) strict;

-- Serves the periods that touch a span of time.
create index up_to on up (to_ms);

-- A period of which everything was read that Tencent has of one product's calls.
create table fetched (
    fetched_no integer primary key,
    app     text    not null,
    product text    not null,
    from_ms integer not null,                        -- of the calls' beginnings
    to_ms   integer not null,                        -- without this moment
    at_ms   integer not null,                        -- when that was asked for
    records integer not null,                        -- how many there were
    digest  blob    not null unique check (length(digest) = 32) -- as of `up`
) strict;

-- Serves the periods that touch a span of time.
create index fetched_to on fetched (to_ms);
