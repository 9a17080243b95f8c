//! The rows that lists, details and exports are made of: what the API answers and the columns are taken from.

mod calls;
mod cases;
mod deliveries;
mod figures;
mod page;
mod people;
mod rooms;

pub use calls::{CallDetailRow, CallRow, Choice, Facets, MemberRow, StepRow};
pub use cases::{CaseDetailRow, CaseFigures, CaseRow, Missed};
pub use deliveries::{DeliveryDetailRow, DeliveryRow};
pub use figures::{AtOnce, Compared, Comparison, DayFigures, Figures, PersonFigures, Spread, Talk};
pub use page::{Day, Days, Page};
pub use people::{ContactRow, NoteRow, PersonDetailRow, PersonRow, TagRow, TeamRow};
pub use rooms::{LifeRow, OccupancyPoint, RoomDetailRow, RoomRow, StayRow};
