-- What a delivery costs for ever: its request is packed with a dictionary, and it is found by the first bytes of its digest. Every
-- receipt says which record took it, so that several records can be made one later.
--
-- The functions are the program's (src/store/archive/): origin() is the origin under which this connection writes, dictionary() the
-- bytes of the dictionary, and packed(remote, method, query, headers[, body]) what is kept of a request, or of a repeat.

-- Who received something: one opening of one archive for writing. An archive that was copied, or brought back from a backup, is
-- opened anew, so no two files ever write under one origin.
create table origin (
    origin_no integer primary key,
    origin    blob    not null unique check (length(origin) = 8),
    n         integer not null                       -- the highest number known under it; this file's own have no holes
) strict;

-- What contents are packed with. A dictionary is never changed; the program has its own copy, and this one is for others. Its
-- number is the one that Zstandard writes into each frame.
create table dictionary (
    dictionary_no integer primary key,
    bytes         blob    not null
) strict;
insert into dictionary (dictionary_no, bytes) values (1, dictionary());

-- One row per distinct request, as received. A repeat of it is a row of `receipt`.
create table new_delivery (
    delivery_id   integer primary key,               -- order of arrival in this file; never leaves it
    digest        blob    not null check (length(digest) = 32),
    origin_no     integer not null references origin (origin_no),
    n             integer not null,                  -- which receipt of that origin
    received_ms   integer not null,                  -- of the copy that came first into this file
    source        integer not null check (source in (0, 1)), -- 0: callback, 1: fetched from Tencent's records
    app           text    not null,                  -- SDKAppID that the request names, or empty
    body_bytes    integer not null,                  -- length of the body
    content       blob    not null                   -- one line of JSON {remote, method, query, headers}, and the body behind it:
                                                     -- a Zstandard frame, or as it is (from its brace on) where that is shorter
) strict;

-- Every further receipt of a delivery. Query and headers are kept because the earliest receipt speaks for the
-- delivery, and the earliest may come last (an import of another copy of the archive).
create table new_receipt (
    receipt_id    integer primary key,
    delivery_id   integer not null references new_delivery (delivery_id),
    origin_no     integer not null references origin (origin_no),
    n             integer not null,
    received_ms   integer not null,
    content       blob    not null                   -- as of a delivery, without a body
) strict;

insert into origin (origin, n) select origin(), 0 where exists (select 1 from delivery);

insert into new_delivery
    select delivery_id, digest, 1, row_number() over (order by delivery_id), received_ms, source = 'backfill', app, length(body),
        packed(remote, method, query, headers, body)
    from delivery order by delivery_id;

insert into new_receipt
    select receipt_id, delivery_id, 1, (select count(*) from new_delivery) + row_number() over (order by receipt_id),
        receipt.received_ms, packed(receipt.remote, method, receipt.query, receipt.headers)
    from receipt join delivery using (digest) order by receipt_id;

update origin set n = (select count(*) from new_delivery) + (select count(*) from new_receipt);

-- A repeat whose delivery is not there says nothing; it is in the copy that was made before.
drop table receipt;
drop table delivery;
alter table new_delivery rename to delivery;
alter table new_receipt rename to receipt;

-- Serves recognising a repeat: few digests share their first bytes, and those are compared in full. That no digest is there
-- twice is the writer's duty.
create index delivery_digest on delivery (substr(digest, 1, 6));
-- Serves counting the repeats of a delivery and finding its earliest receipt.
create index receipt_of on receipt (delivery_id, received_ms);
