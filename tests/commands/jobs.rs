//! Export jobs as the window runs them, on a real record.

use std::{thread, time::Duration};

use calltrail::export::{Around, Format, Job, JobState, Jobs, Kind, Request};

use super::Folder;

fn request() -> Request {
    Request::of(Kind::Deliveries, Format::Csv)
}

fn around(folder: &Folder) -> Around {
    Around { folder: folder.data(), ours: Vec::new(), now_ms: 0 }
}

fn ended(jobs: &Jobs, id: u64) -> Job {
    for _ in 0..1000 {
        let job = jobs.get(id).expect("it is remembered");
        if job.state != JobState::Running {
            return job;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the job does not end");
}

#[test]
fn a_job_writes_what_the_command_writes() {
    let folder = Folder::with_samples();
    let path = folder.path("deliveries.csv");
    let jobs = Jobs::default();
    let job = jobs.start(request(), around(&folder), path.as_ref());
    assert_eq!(
        (job.path.as_str(), job.message.as_str()),
        (path.as_str(), ""),
        "it says where, and nothing yet of the outcome"
    );
    let job = ended(&jobs, job.id);
    assert_eq!(
        (job.state, job.rows, job.total),
        (JobState::Done, 87, Some(87)),
        "all rows are written: {}",
        job.message
    );
    let text = std::fs::read_to_string(&path).expect("the file is there");
    assert_eq!(text, folder.good(&["export", "deliveries", "--tz", "utc"]), "it is the same file");
}

#[test]
fn a_job_without_a_record_fails_in_words() {
    let folder = Folder::new();
    let jobs = Jobs::default();
    let job = jobs.start(request(), around(&folder), folder.path("deliveries.csv").as_ref());
    let job = ended(&jobs, job.id);
    assert_eq!(job.state, JobState::Failed, "there is nothing to export");
    assert!(job.message.contains("There is no record"), "the message says so: {}", job.message);
}
