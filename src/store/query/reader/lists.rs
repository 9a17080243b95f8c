//! Lists, details and counts, as the API and the exports ask for them.

use crate::store::delivery::{Delivery, Digest, Origin};
use crate::store::error::Error;
use crate::store::filter::{Filter, PageRequest};
use crate::store::projection::room_key::RoomKey;
use crate::store::query::list::days;
use crate::store::query::reader::{Flow, Reader};
use crate::store::query::{calls, deliveries, facets, rooms};
use crate::store::rows::{
    CallDetailRow, CallRow, Days, DeliveryDetailRow, DeliveryRow, Facets, MemberRow, Page, RoomDetailRow, RoomRow,
    StayRow,
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
        rooms, each_room, days_of_rooms, RoomRow, |connection, filter, _| rooms::list(connection, filter), rooms::room_row
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
    pub fn count_rooms(&self, filter: &Filter) -> Result<u64, Error> {
        rooms::list(&self.connection, filter)?.count(&self.connection)
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
