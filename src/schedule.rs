//! Exports that are made again and again: of each day, week or month that has ended, a list as a file in a folder.
//!
//! What is kept of a schedule is from which day on nothing was exported yet. So what was missed, because this computer slept or
//! Calltrail did not run, is made up for, and a run that failed stays due.

mod due;
mod list;
mod name;
mod noted;
mod run;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::NaiveDate;
use tokio::sync::watch;

use self::list::List;
pub use self::{
    due::{Every, Period},
    list::{Last, Plan, Reported, Schedule, Unfit},
};
use crate::{
    clock::{Clock, Turns},
    config::{Apps, Author},
    export::{self, Around},
    lock::lock,
    store::{entry::Person, filter::ME},
};

/// How often it is looked whether something is due.
pub const LOOK_EVERY: Duration = Duration::from_secs(20);
/// What failed is tried again this much later.
const RETRY_MS: i64 = 600_000;

/// Why something about schedules could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The plan cannot be followed.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There is no such schedule.
    #[error("There is no such schedule any more.")]
    NoSuchSchedule,
    /// The list of schedules could not be written.
    #[error("The schedules could not be saved: {0}. Nothing was changed.")]
    NotSaved(#[from] io::Error),
}

/// Which period a run exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// The oldest one that is due.
    Due,
    /// The one that ended last, whatever is due.
    Now,
}

/// The schedules of a data folder: a cheap handle that can be shared.
#[derive(Clone, Debug)]
pub struct Schedules(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    clock: Clock,
    apps: Apps,
    list: Mutex<List>,
    /// One file is written at a time.
    running: Mutex<()>,
    closing: AtomicBool,
    sooner: watch::Sender<()>,
}

impl Schedules {
    /// Those of a data folder. Blocks.
    pub fn open(folder: &Path, clock: Clock, apps: Apps) -> io::Result<Self> {
        let list = Mutex::new(List::read(folder)?);
        let sooner = watch::channel(()).0;
        Ok(Self(Arc::new(Shared {
            folder: folder.to_owned(),
            clock,
            apps,
            list,
            running: Mutex::new(()),
            closing: AtomicBool::new(false),
            sooner,
        })))
    }

    /// All of them, in the order in which they were added.
    pub fn list(&self) -> Vec<Schedule> {
        lock(&self.0.list).schedules.clone()
    }

    /// Adds one. The first period is the one of today. Blocks.
    pub fn add(&self, plan: Plan) -> Result<(), Refusal> {
        plan.check()?;
        let today = self.today(&plan)?;
        self.change(|list| {
            list.check(&plan, None)?;
            list.add(plan, today);
            Ok(())
        })
    }

    /// Replaces the plan of one; what was exported stays so. Blocks.
    pub fn replace(&self, id: u64, plan: Plan) -> Result<(), Refusal> {
        plan.check()?;
        let today = self.today(&plan)?;
        self.change(|list| {
            list.check(&plan, Some(id))?;
            let schedule = list.get(id).ok_or(Refusal::NoSuchSchedule)?;
            let is_as_often = (schedule.plan.every, &schedule.plan.view.tz) == (plan.every, &plan.view.tz);
            // What has ended and was not exported yet is still to come, in the new periods.
            let is_behind = schedule.plan.every.around(schedule.next_day()).to <= today;
            if !is_as_often && !is_behind {
                schedule.next = plan.every.around(today).from.to_string();
            }
            // What kept it from its end may be mended with it.
            schedule.last.take_if(|last| last.failure.is_some());
            schedule.plan = plan;
            Ok(())
        })?;
        self.0.sooner.send_replace(());
        Ok(())
    }

    /// Removes one; its files stay. Blocks.
    pub fn remove(&self, id: u64) -> Result<(), Refusal> {
        self.change(|list| {
            list.get(id).ok_or(Refusal::NoSuchSchedule)?;
            list.schedules.retain(|schedule| schedule.id != id);
            Ok(())
        })
    }

    /// Stops one, or goes on with it: what was missed is made up for. Blocks.
    pub fn pause(&self, id: u64, paused: bool) -> Result<(), Refusal> {
        self.change(|list| {
            list.get(id).ok_or(Refusal::NoSuchSchedule)?.paused = paused;
            Ok(())
        })?;
        self.0.sooner.send_replace(());
        Ok(())
    }

    /// Exports the period that ended last, whatever is due; what happened is in the schedule's `last`. Blocks.
    pub fn run_now(&self, id: u64) -> Result<(), Refusal> {
        self.run(id, Asked::Now)
    }

    /// Exports what is due, until it is closed. `turns` says when to look.
    pub async fn keep_up(self, mut turns: Turns, mut closing: watch::Receiver<bool>) {
        let mut sooner = self.0.sooner.subscribe();
        loop {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => break,
                () = turns.next() => {}
                _ = sooner.changed() => {}
            }
            let this = self.clone();
            let looked = tokio::task::spawn_blocking(move || this.run_due());
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => break,
                done = looked => if let Err(error) = done {
                    tracing::error!(%error, "a scheduled export broke off");
                },
            }
        }
        // What runs is broken off: nothing is half written, and it stays due.
        self.0.closing.store(true, Ordering::Release);
        let this = self.clone();
        let ended = tokio::task::spawn_blocking(move || drop(lock(&this.0.running)));
        // It has nothing to tell.
        let _ = ended.await;
    }

    /// Exports every period that is due now, one file after the other. Blocks.
    fn run_due(&self) {
        lock(&self.0.list).write_again(&self.0.folder);
        while !self.0.closing.load(Ordering::Acquire) {
            let now_ms = self.0.clock.now_ms();
            let Some(schedule) = self.list().into_iter().find(|schedule| due(schedule, now_ms).is_some()) else {
                return;
            };
            match self.run(schedule.id, Asked::Due) {
                // Somebody may have removed it meanwhile.
                Ok(()) | Err(Refusal::NoSuchSchedule) => {}
                Err(why) => {
                    tracing::error!("{why}");
                    return;
                }
            }
        }
    }

    /// Writes one file, and notes what happened. Which one is looked up when nobody else writes: what it waited for may have made it,
    /// and somebody may have changed the schedule. Where it is closed meanwhile, nothing has happened.
    fn run(&self, id: u64, asked: Asked) -> Result<(), Refusal> {
        let shared = &self.0;
        let before = self.get(id)?.last;
        let _alone = lock(&shared.running);
        let mut schedule = self.get(id)?;
        let now_ms = shared.clock.now_ms();
        let period = match asked {
            Asked::Due => due(&schedule, now_ms),
            Asked::Now => {
                let period = schedule.plan.every.before(self.today(&schedule.plan)?);
                (schedule.last == before || !schedule.has_just_made(&period)).then_some(period)
            }
        };
        let Some(period) = period else { return Ok(()) };
        run::settle(&mut schedule);
        let is_wanted = || !shared.closing.load(Ordering::Acquire);
        let progress = run::while_wanted(is_wanted);
        let announce = |coming| self.announce(&schedule, coming);
        let around = Around { folder: shared.folder.clone(), ours: shared.apps.ids(), now_ms };
        let plan = self.of_this_desk(&schedule.plan);
        let last = run::run(&around, &plan, &schedule.made, &period, &progress, &announce);
        if !is_wanted() && last.failure.is_some() {
            return Ok(());
        }
        match &last.failure {
            None => tracing::info!(rows = last.rows, "{} was exported", last.path),
            Some(why) => tracing::warn!(?why, "{} could not be exported", last.path),
        }
        let moves_on = asked == Asked::Due || period.from <= schedule.next_day();
        self.note(id, &schedule.plan, last, moves_on.then_some(period.to));
        Ok(())
    }

    /// A plan whose filter may mean whoever uses this computer.
    fn of_this_desk(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        if plan.view.filter.assignee.as_deref() == Some(ME) {
            let author = Author::of(&self.0.folder);
            let author = author.inspect_err(|error| tracing::error!(%error, "it is not known who uses this computer"));
            plan.view.filter.me = author.ok().map(|author| Person { name: author.called(), id: author.id });
        }
        plan
    }

    fn today(&self, plan: &Plan) -> Result<NaiveDate, Unfit> {
        let today = plan.view.zone().map_err(export::Unfit::from)?.at(self.0.clock.now_ms());
        Ok(today.map_or_else(NaiveDate::default, |today| today.date_naive()))
    }

    fn get(&self, id: u64) -> Result<Schedule, Refusal> {
        lock(&self.0.list).get(id).cloned().ok_or(Refusal::NoSuchSchedule)
    }

    /// Changes the list; what cannot be saved is not changed.
    fn change(&self, change: impl FnOnce(&mut List) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let mut list = lock(&self.0.list);
        let mut changed = list.clone();
        change(&mut changed)?;
        changed.write(&self.0.folder)?;
        *list = changed;
        Ok(())
    }
}

/// The oldest period of a schedule that is to be exported now.
fn due(schedule: &Schedule, now_ms: i64) -> Option<Period> {
    let failed = schedule.last.as_ref().filter(|last| last.failure.is_some());
    let is_too_soon = failed.is_some_and(|last| (0..RETRY_MS).contains(&(now_ms - last.at_ms)));
    if schedule.paused || is_too_soon {
        return None;
    }
    let (plan, zone) = (&schedule.plan, schedule.plan.view.zone().ok()?);
    plan.every.due(schedule.next_day(), plan.time()?, &zone, now_ms, plan.keep).into_iter().next()
}

#[cfg(test)]
mod tests;
