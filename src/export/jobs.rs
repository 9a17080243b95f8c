//! Exports that run beside the window: each on a thread of its own, with progress and a way to cancel it.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    thread::{self, JoinHandle},
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Around, Error, Failure, Progress, Request};
use crate::{lock::lock, store::Reader};

/// Ended jobs that are remembered for whoever asks late.
const REMEMBERED: usize = 100;

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Rows are being written.
    Running,
    /// The file is complete and in its place.
    Done,
    /// Somebody cancelled it; what was there before is unchanged.
    Cancelled,
    /// It could not be finished; what was there before is unchanged.
    Failed,
}

/// An export job as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// Where it is.
    pub state: JobState,
    /// Rows written so far.
    pub rows: u64,
    /// Rows in all; null until they are counted.
    pub total: Option<u64>,
    /// The file.
    pub path: String,
    /// What there is to say, in English; empty while it runs.
    pub message: String,
    /// What kept it from its end; null where nothing did.
    pub failure: Option<Failure>,
}

/// The export jobs of one process: a cheap handle that can be shared.
#[derive(Clone, Debug, Default)]
pub struct Jobs(Arc<Mutex<Shelf>>);

#[derive(Debug, Default)]
struct Shelf {
    last: u64,
    jobs: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    job: Job,
    cancelled: bool,
    thread: Option<JoinHandle<()>>,
}

/// What a running job tells its entry.
struct Report {
    jobs: Jobs,
    id: u64,
}

impl Jobs {
    /// Starts an export to `path` and says which job it is. It reads the record through a connection of its own, so that the
    /// lists never wait for it.
    pub fn start(&self, request: Request, around: Around, path: &Path) -> Job {
        let (folder, wanted, now_ms) = (around.folder.clone(), request.clone(), around.now_ms);
        let count = move |reader: &Reader| super::count(reader, &wanted, now_ms);
        self.begin(folder, path, count, move |reader, _, path, progress| {
            super::to_file(reader, &request, &around, path, progress)
        })
    }

    /// The same with whatever `write` writes, which is given the record's folder and the path, and of which `count` says beforehand
    /// how many rows it will be.
    pub(crate) fn begin(
        &self,
        folder: PathBuf,
        path: &Path,
        count: impl FnOnce(&Reader) -> Result<u64, Error> + Send + 'static,
        write: impl FnOnce(&Reader, &Path, &Path, Progress<'_>) -> Result<u64, Error> + Send + 'static,
    ) -> Job {
        let target = path.to_path_buf();
        self.run(path, move |report| {
            let reader = Reader::open(&folder)?;
            report.total(count(&reader)?);
            write(&reader, &folder, &target, &|rows| report.rows(rows))
        })
    }

    /// The job with this number.
    pub fn get(&self, id: u64) -> Option<Job> {
        let mut shelf = self.shelf();
        let entry = shelf.jobs.get_mut(&id)?;
        let gone = entry.thread.as_ref().is_some_and(JoinHandle::is_finished);
        if gone && entry.job.state == JobState::Running {
            // A thread that ends without a report has panicked; nobody shall wait for it.
            entry.job.state = JobState::Failed;
            entry.job.message = "The export broke off because of a fault in Calltrail; no file was written.".to_owned();
            entry.job.failure = Some(Failure::BrokenOff);
        }
        Some(entry.job.clone())
    }

    /// Asks a job to stop. True when there is such a job and it was still running.
    pub fn cancel(&self, id: u64) -> bool {
        let mut shelf = self.shelf();
        match shelf.jobs.get_mut(&id) {
            Some(entry) if entry.job.state == JobState::Running => {
                entry.cancelled = true;
                true
            }
            _ => false,
        }
    }

    /// Cancels what runs and waits until no temporary file is left: for the end of the process.
    pub fn stop(&self) {
        let threads: Vec<JoinHandle<()>> = self
            .shelf()
            .jobs
            .values_mut()
            .filter_map(|entry| {
                entry.cancelled = true;
                entry.thread.take()
            })
            .collect();
        for thread in threads {
            // A job that panicked has nothing left to wait for.
            let _ = thread.join();
        }
    }

    /// Runs `work` on a thread of its own under a new number.
    fn run(&self, path: &Path, work: impl FnOnce(&Report) -> Result<u64, Error> + Send + 'static) -> Job {
        let mut shelf = self.shelf();
        shelf.forget_the_oldest();
        shelf.last += 1;
        let id = shelf.last;
        let job = Job {
            id,
            state: JobState::Running,
            rows: 0,
            total: None,
            path: path.display().to_string(),
            message: String::new(),
            failure: None,
        };
        shelf.jobs.insert(id, Entry { job: job.clone(), cancelled: false, thread: None });
        drop(shelf);

        let report = Report { jobs: self.clone(), id };
        let spawned = thread::Builder::new().name(format!("export {id}")).spawn(move || {
            let result = work(&report);
            report.end(result);
        });
        match spawned {
            Ok(thread) => {
                if let Some(entry) = self.shelf().jobs.get_mut(&id) {
                    entry.thread = Some(thread);
                }
            }
            Err(error) => Report { jobs: self.clone(), id }.end(Err(Error::Write(error))),
        }
        self.get(id).unwrap_or(job)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Every change under the lock is a single assignment, so a panic elsewhere leaves nothing half done.
        lock(&self.0)
    }
}

impl Shelf {
    fn forget_the_oldest(&mut self) {
        let ended: Vec<u64> =
            self.jobs.iter().filter(|(_, entry)| entry.job.state != JobState::Running).map(|(id, _)| *id).collect();
        for id in ended.iter().take((ended.len() + 1).saturating_sub(REMEMBERED)) {
            self.jobs.remove(id);
        }
    }
}

impl Report {
    fn total(&self, total: u64) {
        self.change(|entry| entry.job.total = Some(total));
    }

    fn rows(&self, rows: u64) -> ControlFlow<()> {
        let cancelled = self.change(|entry| {
            entry.job.rows = rows;
            entry.cancelled
        });
        if cancelled == Some(true) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn end(&self, result: Result<u64, Error>) {
        self.change(|entry| {
            (entry.job.state, entry.job.message) = match result {
                Ok(rows) => {
                    entry.job.rows = rows;
                    let rows = if rows == 1 { "1 row was".to_owned() } else { format!("{rows} rows were") };
                    (JobState::Done, format!("{rows} written to {}.", entry.job.path))
                }
                Err(error @ Error::Cancelled) => (JobState::Cancelled, error.to_string()),
                Err(error) => {
                    entry.job.failure = Some(Failure::of(&error));
                    (JobState::Failed, error.to_string())
                }
            };
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.jobs.shelf().jobs.get_mut(&self.id).map(change)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::export::Written;

    /// Waits for the end of a job; its thread is joined, so nothing has to be slept for.
    fn ended(jobs: &Jobs, id: u64) -> Job {
        let thread = jobs.shelf().jobs.get_mut(&id).and_then(|entry| entry.thread.take());
        thread.expect("the job has a thread").join().expect("it ends without a panic");
        jobs.get(id).expect("it is remembered")
    }

    #[test]
    fn a_job_tells_its_progress_and_its_end() {
        let jobs = Jobs::default();
        let (go, wait) = mpsc::channel::<()>();
        let (told, tell) = mpsc::channel::<()>();
        let job = jobs.run(Path::new("calls.csv"), move |report| {
            report.total(512);
            assert!(report.rows(256).is_continue(), "nobody has cancelled");
            told.send(()).expect("the test listens");
            wait.recv().expect("the test says go");
            Ok(512)
        });
        tell.recv().expect("the job reports");
        let half = jobs.get(job.id).expect("it is there");
        assert_eq!((half.state, half.rows, half.total), (JobState::Running, 256, Some(512)), "half of it is done");
        go.send(()).expect("the job waits");
        let end = ended(&jobs, job.id);
        assert_eq!((end.state, end.rows), (JobState::Done, 512), "it is done");
        assert_eq!(end.message, "512 rows were written to calls.csv.", "and says so");
        assert!(!jobs.cancel(job.id), "what is done cannot be cancelled");
    }

    #[test]
    fn a_cancelled_job_says_so() {
        let jobs = Jobs::default();
        let (go, wait) = mpsc::channel::<()>();
        let job = jobs.run(Path::new("calls.csv"), move |report| {
            wait.recv().expect("the test says go");
            let progress = |rows| report.rows(rows);
            Written { rows: 256, ..Written::new(&progress) }.end(|| Ok(()))
        });
        assert!(jobs.cancel(job.id), "it runs, so it can be cancelled");
        go.send(()).expect("the job waits");
        let end = ended(&jobs, job.id);
        assert_eq!(end.state, JobState::Cancelled, "it was cancelled");
        assert_eq!(end.message, "The export was cancelled; no file was written.", "and says what that means");
    }

    #[test]
    fn a_failed_job_says_why_and_old_ones_are_forgotten() {
        let jobs = Jobs::default();
        let first = jobs.run(Path::new("calls.csv"), |_| Err(Error::NotAFile("calls.csv".to_owned())));
        let end = ended(&jobs, first.id);
        assert_eq!(end.state, JobState::Failed, "it failed");
        assert!(end.message.contains("not an ordinary file"), "the reason is for people: {}", end.message);
        for _ in 0..REMEMBERED {
            let job = jobs.run(Path::new("calls.csv"), |_| Ok(0));
            ended(&jobs, job.id);
        }
        assert_eq!(jobs.get(first.id), None, "a hundred later, the first one is forgotten");
    }
}
