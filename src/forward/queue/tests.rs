//! The queue by itself.

use super::*;

const SECOND: i64 = 1_000;
const NEWEST: fn() -> Newest = || Newest { archive: "a".to_owned(), id: 0 };

fn queue(folder: &Path) -> (Queue, i64) {
    let mut queue = Queue::open(folder).expect("a queue");
    let no = queue.add("1400000000", "https://a.example/", false, 0, &NEWEST()).expect("a target");
    (queue, no)
}

fn sent(id: i64, lane: &str, at_ms: i64, answer: Option<Answer>, tried: Tried) -> Sent {
    let attempt = answer.map(|answer| Attempt { answer, signed_anew: false });
    Sent { waiting: Waiting { id, lane: lane.to_owned(), tried }, at_ms, attempt }
}

fn due(queue: &Queue, no: i64, now_ms: i64) -> Vec<i64> {
    queue.due(no, now_ms, 100).expect("a list").iter().map(|waiting| waiting.id).collect()
}

fn refused() -> Option<Answer> {
    Some(Answer::Status { status: 404 })
}

#[test]
fn nothing_overtakes_what_waits_in_its_lane() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (mut queue, no) = queue(home.path());
    let turn = [
        sent(5, "call x", 0, refused(), Tried::default()),
        sent(6, "call x", 0, None, Tried::default()),
        sent(7, "call y", 0, refused(), Tried::default()),
    ];
    queue.settle(no, &turn, Some(7)).expect("noted");
    assert_eq!(due(&queue, no, 4 * SECOND), [0_i64; 0]);
    let replayed = queue.enqueue(no, [(6, "call x".to_owned())].into_iter(), SECOND).expect("queued");
    assert_eq!((replayed, due(&queue, no, SECOND)), (1, vec![5, 6]), "what came before goes before");
    let late = 25 * 60 * 60 * SECOND;
    let tried = Tried { attempts: 3, first_ms: Some(0) };
    queue.settle(no, &[sent(5, "call x", late, refused(), tried)], None).expect("given up");
    queue.settle(no, &[sent(6, "call x", late, refused(), Tried::default())], None).expect("waits");
    assert_eq!(due(&queue, no, late), [7]);
    assert_eq!(queue.retry(no, late).expect("again"), 1);
    assert_eq!(due(&queue, no, late), [5, 6, 7], "all of its lane");
}

#[test]
fn a_target_that_is_back_gets_at_once_what_was_tried_once_and_soon_what_was_tried_often() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (mut queue, no) = queue(home.path());
    let often = Tried { attempts: 40, first_ms: Some(0) };
    let turn = [
        sent(1, "call x", 0, refused(), often),
        sent(2, "call x", 0, None, Tried::default()),
        sent(3, "call y", 0, refused(), Tried::default()),
    ];
    queue.settle(no, &turn, Some(3)).expect("noted");
    queue.hurry(no, SECOND).expect("hurried");
    assert_eq!(due(&queue, no, SECOND), [3]);
    assert_eq!(due(&queue, no, 60 * SECOND), [3]);
    assert_eq!(due(&queue, no, 61 * SECOND), [1, 2, 3], "a minute later at the latest, whole lanes");
}

#[test]
fn attempts_count_from_the_moment_at_which_a_clock_was_set_right() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (mut queue, no) = queue(home.path());
    let ahead = Tried { attempts: 1, first_ms: Some(1_000_000 * SECOND) };
    queue.settle(no, &[sent(1, "call x", 0, refused(), ahead)], None).expect("noted");
    let tried = queue.due(no, i64::MAX, 1).expect("a list")[0].tried;
    assert_eq!(tried, Tried { attempts: 2, first_ms: Some(0) });
}

#[test]
fn a_number_is_never_given_twice_and_what_comes_late_for_a_target_is_dropped() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (mut queue, first) = queue(home.path());
    assert!(queue.remove(first).expect("removed"));
    queue.settle(first, &[sent(1, "call x", 0, refused(), Tried::default())], Some(1)).expect("dropped");
    assert_eq!(queue.enqueue(first, [(1, "call x".to_owned())].into_iter(), 0).expect("dropped"), 0);
    drop(queue);
    let mut queue = Queue::open(home.path()).expect("a queue");
    let second = queue.add("1400000001", "https://b.example/", false, 0, &NEWEST()).expect("a target");
    assert_ne!(first, second, "what is under way to one is no other one's");
    assert_eq!((due(&queue, first, i64::MAX), due(&queue, second, i64::MAX)), (vec![], vec![]));
}

#[test]
fn the_queues_of_earlier_versions_go_on() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join(FILE);
    let (mut queue, no) = queue(home.path());
    queue.settle(no, &[sent(1, "call x", 0, refused(), Tried::default())], Some(1)).expect("noted");
    drop(queue);
    // As version 2 had it: without `autoincrement`, and with what was left of a target that had been removed.
    let old = TABLES.replace(" primary key autoincrement,", " primary key,");
    let connection = Connection::open(&file).expect("the file");
    connection
        .execute_batch(&format!(
            "create temporary table kept as select * from target; create temporary table tried as select * from attempt;
             drop table target; drop table attempt; {old}
             insert into target select * from kept; insert into attempt select * from tried;
             insert into attempt (target_no, delivery_id, lane, state, attempts, next_ms) values (9, 1, 'call x', 0, 0, 0);
             pragma user_version = 2;"
        ))
        .expect("a file of version 2");
    drop(connection);
    let mut queue = Queue::open(home.path()).expect("a queue");
    assert_eq!(queue.target(no).expect("read").map(|target| target.after), Some(1));
    assert_eq!((due(&queue, no, i64::MAX), due(&queue, 9, i64::MAX)), (vec![1], vec![]));
    queue.remove(no).expect("removed");
    let next = queue.add("1400000001", "https://b.example/", false, 0, &NEWEST()).expect("a target");
    assert_ne!(next, no);
}
