-- What people add to the record (contacts, tags, notes, what was done about missed calls): entries of a log that only grows. What
-- holds follows from the set of them, in whatever order they came, and is derived into the projection like everything else.

create table entry (
    entry_no    integer primary key,                 -- order of arrival in this file; never leaves it
    id          blob    not null check (length(id) = 16), -- a UUID, made where it was written
    at_ms       integer not null,                    -- by the clock of whoever wrote it
    person      text    not null,                    -- who wrote it: an id
    person_name text    not null,                    -- and what that person was called then
    device      text    not null,                    -- on which installation
    subject     text    not null,                    -- about what: JSON, a kind and its natural key
    field       text    not null,
    value       text    not null,                    -- JSON; null takes a value away
    replaces    text    not null,                    -- JSON: the ids of the entries of this subject and field that held before
    digest      blob    not null check (length(digest) = 32), -- SHA-256 of all the above as one line of JSON
    unique (id, digest)
) strict;

-- Serves what holds: all entries of one field of one subject, and the history of a subject.
create index entry_of on entry (subject, field);
