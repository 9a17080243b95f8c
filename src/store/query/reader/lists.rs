//! Lists, details and counts, as the API and the exports ask for them.

use std::ops::ControlFlow;

use crate::store::archive::entries;
use crate::store::case_fold;
use crate::store::delivery::{Delivery, Digest, Origin};
use crate::store::entry::{Edit, Entry, Subject};
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::room_key::RoomKey;
use crate::store::projection::stale;
use crate::store::projection::team;
use crate::store::query::list::{days, given};
use crate::store::query::reader::{Flow, Reader};
use crate::store::query::{calls, cases, deliveries, facets, notes, people, rooms, who};
use crate::store::rows::{
    CallDetailRow, CallRow, CaseDetailRow, CaseFigures, CaseRow, ContactRow, Days, DeliveryDetailRow, DeliveryRow,
    Facets, MemberRow, Missed, NoteRow, Page, PersonDetailRow, PersonRow, RoomDetailRow, RoomRow, StayRow, TagRow,
    TeamRow,
};
use crate::zone::Zone;

macro_rules! list_of {
    ($(#[$meta:meta])* $page:ident, $each:ident, $days:ident, $row:ty, $list:expr, $read:expr) => {
        list_of!($(#[$meta])* $page, $each, $days, $row, $list, $read, counted by $list);
    };
    ($(#[$meta:meta])* $page:ident, $each:ident, $days:ident, $row:ty, $list:expr, $read:expr, counted by $counted:expr) => {
        $(#[$meta])*
        pub fn $page(&self, filter: &Filter, page: &PageRequest, now_ms: i64) -> Result<Page<$row>, Error> {
            let list = $list(&self.connection, filter, now_ms)?;
            list.page(&self.connection, page, |row| $read(&self.connection, row, now_ms))
        }

        /// Every row that the filter finds, newest first, from one read snapshot.
        pub fn $each(&self, filter: &Filter, now_ms: i64, visit: impl FnMut($row) -> Flow) -> Result<(), Error> {
            self.in_complete_snapshot(|reader| {
                let list = $list(&reader.connection, filter, now_ms)?;
                list.each(&reader.connection, |row| $read(&reader.connection, row, now_ms), visit)
            })
        }

        /// How many of these rows each day of a time zone has.
        pub fn $days(&self, filter: &Filter, zone: &Zone, now_ms: i64) -> Result<Days, Error> {
            let list = $counted(&self.connection, filter, now_ms)?;
            Ok(days::of_quarters(&list.quarters(&self.connection)?, zone))
        }
    };
}

impl Reader {
    /// Calls, newest first.
    pub fn calls(&self, filter: &Filter, page: &PageRequest, now_ms: i64) -> Result<Page<CallRow>, Error> {
        calls::page(&self.connection, filter, page, now_ms)
    }

    /// Every call that the filter finds, newest first, from one read snapshot.
    pub fn each_call(&self, filter: &Filter, now_ms: i64, visit: impl FnMut(CallRow) -> Flow) -> Result<(), Error> {
        self.in_complete_snapshot(|reader| {
            let list = calls::list(&reader.connection, filter, now_ms)?;
            list.each(&reader.connection, |row| calls::rows::call_row(row, now_ms), visit)
        })
    }

    /// How many calls each day of a time zone has.
    pub fn days_of_calls(&self, filter: &Filter, zone: &Zone, now_ms: i64) -> Result<Days, Error> {
        Ok(days::of_quarters(&calls::quarters(&self.connection, filter, now_ms)?, zone))
    }

    list_of!(
        /// Members of the calls that the filter finds.
        members, each_member, days_of_members, MemberRow, calls::members, |_, row, _| calls::rows::member_row(row)
    );
    list_of!(
        /// Rooms, newest first.
        rooms, each_room, days_of_rooms, RoomRow, rooms::list, rooms::room_row
    );
    list_of!(
        /// Stays, newest first.
        stays, each_stay, days_of_stays, StayRow, |connection, filter, _| rooms::stays(connection, filter), |_, row, now_ms| rooms::stay_row(row, now_ms)
    );
    list_of!(
        /// Deliveries of the archive and the quarantine, newest first.
        deliveries, each_delivery, days_of_deliveries, DeliveryRow, |connection, filter, _| deliveries::list(connection, filter),
        |_, row, _| deliveries::delivery_row(row), counted by |connection, filter, _| deliveries::counted(connection, filter)
    );

    list_of!(
        /// People, last seen first.
        people, each_person, days_of_people, PersonRow, |connection, filter, _| people::list(connection, filter),
        |connection, row, _| people::person_row(connection, row)
    );

    /// Every account id of the people that the filter finds, from one read snapshot.
    pub fn each_user(
        &self,
        filter: &Filter,
        now_ms: i64,
        mut visit: impl FnMut(PersonRow) -> Flow,
    ) -> Result<(), Error> {
        self.each_person(filter, now_ms, |person| {
            for row in people::users_as_rows(&self.connection, person)? {
                if visit(row)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    list_of!(
        /// Cases of missed callers, the newest last miss first.
        cases, each_case, days_of_cases, CaseRow, cases::list, |_, row, now_ms| cases::case_row(row, now_ms)
    );

    /// Every case that the filter finds, with the ids of its misses, from one read snapshot in which nobody's cases are still to be
    /// worked out.
    pub fn each_whole_case(
        &self,
        filter: &Filter,
        now_ms: i64,
        visit: impl FnMut(CaseRow) -> Flow,
    ) -> Result<(), Error> {
        self.in_settled_snapshot(|reader| {
            let list = cases::list(&reader.connection, filter, now_ms)?;
            list.each(&reader.connection, |row| cases::exported_row(&reader.connection, row, now_ms), visit)
        })
    }

    /// How many cases.
    pub fn count_cases(&self, filter: &Filter, now_ms: i64) -> Result<u64, Error> {
        cases::list(&self.connection, filter, now_ms)?.count(&self.connection)
    }

    /// A case with what explains it, by any of its misses; none where the call is no miss.
    pub fn case(&self, app: &str, call_id: &str, now_ms: i64) -> Result<Option<CaseDetailRow>, Error> {
        cases::detail(&self.connection, app, call_id, now_ms)
    }

    /// Cases of a filter in numbers.
    pub fn case_figures(&self, filter: &Filter, now_ms: i64) -> Result<CaseFigures, Error> {
        cases::figures(&self.connection, filter, now_ms)
    }

    /// The edits that say something of a case, each of some fields and values; none where the call is no miss.
    pub fn case_edits(
        &self,
        app: &str,
        call_id: &str,
        say: &[(&'static str, serde_json::Value)],
    ) -> Result<Option<Vec<Edit>>, Error> {
        cases::edits(&self.connection, app, call_id, say)
    }

    /// Of how many people the cases are still to be worked out.
    pub fn stale_cases(&self) -> Result<u64, Error> {
        stale::count(&self.connection)
    }

    /// Which calls are missed, as the team has it.
    pub fn missed(&self) -> Result<Missed, Error> {
        team::missed(&self.connection)
    }

    /// A person with contacts, notes and tags, by any of the account ids; none of whom nobody ever heard.
    pub fn person(&self, user: &str) -> Result<Option<PersonDetailRow>, Error> {
        people::detail(&self.connection, user)
    }

    /// What is said of one account id.
    pub fn contact(&self, user: &str) -> Result<Option<ContactRow>, Error> {
        people::contact(&self.connection, user)
    }

    /// The teams, in order.
    pub fn teams(&self) -> Result<Vec<TeamRow>, Error> {
        people::teams(&self.connection)
    }

    /// How many people.
    pub fn count_people(&self, filter: &Filter) -> Result<u64, Error> {
        people::list(&self.connection, filter)?.count(&self.connection)
    }

    /// How many entries the log has.
    pub fn count_entries(&self) -> Result<u64, Error> {
        let count: i64 = self.connection.query_row("select count(*) from entry", [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// All tags that are on something, in order.
    pub fn tags(&self) -> Result<Vec<TagRow>, Error> {
        notes::tags(&self.connection)
    }

    /// The colour of a tag; empty without one.
    pub fn colour(&self, tag: &str) -> Result<String, Error> {
        notes::colour(&self.connection, tag)
    }

    /// What a tag is on.
    pub fn tagged(&self, tag: &str) -> Result<Vec<Subject>, Error> {
        notes::tagged(&self.connection, tag)
    }

    /// The notes on something, oldest first.
    pub fn notes(&self, on: &Subject) -> Result<Vec<NoteRow>, Error> {
        notes::of(&self.connection, on)
    }

    /// What people have written about something, the newest first.
    pub fn history(&self, subject: &Subject, at_most: u32) -> Result<Vec<Entry>, Error> {
        entries::history(&self.connection, subject, at_most)
    }

    /// Every entry of the log, in the order of arrival.
    pub fn each_entry(&self, mut visit: impl FnMut(Entry) -> Flow) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let found = entries::after(&self.connection, after, 1_000)?;
            let Some((last, _)) = found.last() else { return Ok(()) };
            after = *last;
            for entry in found.into_iter().filter_map(|(_, entry)| entry) {
                if visit(entry)?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// Says of each room by which user a search found it.
    pub fn name_found_users(&self, rooms: &mut [RoomRow], filter: &Filter) -> Result<(), Error> {
        let Some(text) = given(filter.q.as_deref()) else { return Ok(()) };
        let users = who::users(&self.connection, &case_fold::fold(text))?;
        let found = rooms::first_among(&self.connection, rooms, &users)?;
        for (room, user) in rooms.iter_mut().zip(found) {
            room.found_user = user;
            room.found_name = people::name(&self.connection, room.found_user.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }

    /// How many calls each choice of a filter would give.
    pub fn facets(&self, filter: &Filter, now_ms: i64) -> Result<Facets, Error> {
        facets::facets(&self.connection, filter, now_ms)
    }

    /// A call with its members, timeline and deliveries.
    pub fn call(&self, app: &str, call_id: &str, now_ms: i64) -> Result<Option<CallDetailRow>, Error> {
        calls::detail(&self.connection, app, call_id, now_ms)
    }

    /// A room with its details, lives, occupancy (of one life, or of its whole time) and newest steps.
    pub fn room(
        &self,
        app: &str,
        product: &str,
        room_id_type: &str,
        room_id: &str,
        life: Option<u32>,
        now_ms: i64,
    ) -> Result<Option<RoomDetailRow>, Error> {
        let key = RoomKey {
            app: app.to_owned(),
            product: product.to_owned(),
            room_id_type: room_id_type.to_owned(),
            room_id: room_id.to_owned(),
        };
        rooms::detail(&self.connection, &key, life, now_ms)
    }

    /// A delivery with everything that was kept of it.
    pub fn delivery(&self, digest: &Digest) -> Result<Option<DeliveryDetailRow>, Error> {
        deliveries::detail(&self.connection, digest)
    }

    /// A delivery exactly as received.
    pub fn raw_delivery(&self, digest: &Digest) -> Result<Option<Delivery>, Error> {
        Ok(self.raw_with_origin(digest)?.map(|(delivery, _)| delivery))
    }

    /// A delivery exactly as received, and which receipt of which record it is, the earliest one; no receipt while it waits in
    /// quarantine.
    pub fn raw_with_origin(&self, digest: &Digest) -> Result<Option<(Delivery, Option<Origin>)>, Error> {
        deliveries::raw(&self.connection, digest)
    }

    /// How many rows an export of this filter will have.
    pub fn count_calls(&self, filter: &Filter, now_ms: i64) -> Result<u64, Error> {
        Ok(calls::quarters(&self.connection, filter, now_ms)?.values().sum())
    }

    /// How many members.
    pub fn count_members(&self, filter: &Filter, now_ms: i64) -> Result<u64, Error> {
        calls::members(&self.connection, filter, now_ms)?.count(&self.connection)
    }

    /// How many rooms.
    pub fn count_rooms(&self, filter: &Filter, now_ms: i64) -> Result<u64, Error> {
        rooms::list(&self.connection, filter, now_ms)?.count(&self.connection)
    }

    /// How many stays.
    pub fn count_stays(&self, filter: &Filter) -> Result<u64, Error> {
        rooms::stays(&self.connection, filter)?.count(&self.connection)
    }

    /// How many deliveries.
    pub fn count_deliveries(&self, filter: &Filter) -> Result<u64, Error> {
        deliveries::counted(&self.connection, filter)?.count(&self.connection)
    }
}
