-- The archive: what may never be lost. Append-only, apart from retention and erasure; numbered files, each applied once.

-- One row per distinct request, as received. A repeat of it is a row of `receipt`.
create table delivery (
    delivery_id integer primary key,                 -- order of arrival in this file; never leaves it
    digest      blob    not null unique check (length(digest) = 32),
    received_ms integer not null,                    -- of the copy that came first into this file
    source      text    not null check (source in ('callback', 'backfill')),
    app         text    not null,                    -- SDKAppID that the request names, or empty
    remote      text    not null,
    method      text    not null,
    query       text    not null,
    headers     text    not null,                    -- JSON [[name, value], ...]
    body        blob    not null
) strict;

-- Every further receipt of a delivery. Query and headers are kept because the earliest receipt speaks for the
-- delivery, and the earliest may come last (an import of another copy of the archive).
create table receipt (
    receipt_id  integer primary key,
    digest      blob    not null references delivery (digest),
    received_ms integer not null,
    remote      text    not null,
    query       text    not null,
    headers     text    not null
) strict;

-- Serves counting the repeats of a delivery and finding its earliest receipt.
create index receipt_of on receipt (digest, received_ms);

-- Requests that are not (yet) believed: a foreign app, a failed signature. Bounded; the oldest go first.
create table quarantine (
    quarantine_id integer primary key,
    digest      blob    not null unique check (length(digest) = 32),
    received_ms integer not null,
    app         text    not null,
    remote      text    not null,
    method      text    not null,
    query       text    not null,
    headers     text    not null,
    body        blob    not null,
    family      text    not null,
    command     text    not null,
    verdict     text    not null,
    reason      text    not null,
    repeats     integer not null default 0
) strict;

-- Serves the list of deliveries, newest first.
create index quarantine_newest on quarantine (received_ms desc, app, digest);
-- Serves the release of an application's deliveries.
create index quarantine_app on quarantine (app);

-- How full the quarantine is, kept by the two triggers so that the bound costs no scan; and how many rows went over it.
create table quarantine_size (
    rows    integer not null,
    bytes   integer not null,
    dropped integer not null
) strict;
insert into quarantine_size values (0, 0, 0);

create trigger quarantine_grows after insert on quarantine begin
    update quarantine_size set rows = rows + 1, bytes = bytes + length(new.body) + length(new.query) + length(new.headers);
end;
create trigger quarantine_shrinks after delete on quarantine begin
    update quarantine_size set rows = rows - 1, bytes = bytes - length(old.body) - length(old.query) - length(old.headers);
end;

-- Facts about this file itself, such as which projection it holds.
create table meta (
    key   text not null primary key,
    value text not null
) strict, without rowid;
