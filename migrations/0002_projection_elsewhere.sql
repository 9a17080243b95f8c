-- The projection moves out of this file into one of its own (projection-<n>.db), which can be built anew beside the old one
-- while callbacks keep arriving. What was derived here goes; it is derived again from the archive.

drop table if exists reading;
drop table if exists call_event;
drop table if exists call;
drop table if exists member;
drop table if exists room_event;
drop table if exists room_detail;
drop table if exists room;
drop table if exists stay;
delete from meta where key = 'projection';
