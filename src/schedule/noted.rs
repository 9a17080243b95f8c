//! What is noted of a run: how its file will be known, before it takes its place, and what became of it.

use std::{io, path::Path};

use chrono::NaiveDate;

use super::{
    Refusal, Schedules,
    list::{self, Last, Made, Plan, Schedule},
    run,
};
use crate::{export, lock::lock};

impl Schedules {
    /// Saves how a file will be known that is about to take its place: what could not be known again would be written beside itself
    /// for ever. It does not take it where the schedule was changed meanwhile.
    pub(super) fn announce(&self, of: &Schedule, coming: Made) -> Result<(), export::Error> {
        let announced = self.change(|list| {
            let schedule = list.get(of.id).filter(|schedule| schedule.plan == of.plan);
            let schedule = schedule.ok_or(Refusal::NoSuchSchedule)?;
            schedule.made.clone_from(&of.made);
            schedule.coming = Some(coming);
            Ok(())
        });
        announced.map_err(|why| match why {
            Refusal::NotSaved(why) => {
                let path = list::file(&self.0.folder).display().to_string();
                // It is not the disk of the export that may be full.
                export::Error::Target { path, why: io::Error::other(why) }
            }
            _ => export::Error::Cancelled,
        })
    }

    /// Notes what happened to a plan; with `next`, that nothing before that day is missing any more. It is known from now on even where
    /// it cannot be saved: what was made would be made again and again.
    pub(super) fn note(&self, id: u64, plan: &Plan, last: Last, next: Option<NaiveDate>) {
        // Somebody may have removed it meanwhile.
        let Ok(mut schedule) = self.get(id) else { return };
        if last.failure.is_some() {
            run::settle(&mut schedule);
        } else {
            run::add_made(&mut schedule.made, Path::new(&last.path));
            plan.keep.into_iter().for_each(|keep| run::delete_old(&mut schedule.made, keep));
        }
        let mut list = lock(&self.0.list);
        let Some(known) = list.get(id) else { return };
        (known.made, known.coming) = (schedule.made, None);
        // Of another plan it says nothing.
        if known.plan == *plan {
            let next = next.filter(|next| last.failure.is_none() && *next > known.next_day());
            next.into_iter().for_each(|next| known.next = next.to_string());
            known.last = Some(last);
        }
        if let Err(why) = list.write(&self.0.folder) {
            tracing::error!("what happened to a schedule could not be saved and is tried again: {why}");
        }
    }
}
