//! Trains a dictionary for the archive: `cargo bench --bench dictionary -- migrations/dictionary-2.zstd 2`.
//!
//! A dictionary that records were written with is never changed; a better one gets the next number. It is trained with played
//! traffic and the messages of Tencent's pages, under accounts and applications that nobody has: what it knows is how messages
//! are written and not who calls.

use std::{error::Error, fs, path::Path};

use calltrail::{
    callback::delivery::{Delivery, Source},
    traffic::{self, Cast, Stage},
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const BYTES: usize = 32 * 1024;
const STORIES: u64 = 300;
/// Stories begin on some day between 2023 and 2033, Unix milliseconds.
const FROM_MS: i64 = 1_672_531_200_000;
const UNTIL_MS: i64 = 1_988_150_400_000;
/// Who plays; their accounts are replaced.
const CAST: Cast = Cast::Awkward;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [file, number] = arguments.as_slice() else {
        // `cargo test` and `cargo bench` start every bench; this one does nothing without being told to.
        println!("dictionary FILE NUMBER");
        return Ok(());
    };
    let number: u8 = number.parse()?;
    let samples: Vec<Vec<u8>> = played().chain(documented()?).map(|delivery| as_kept(&delivery)).collect();
    let mut dictionary = zstd::dict::from_samples(&samples, BYTES)?;
    // A trained one has a random number, of four bytes in each frame.
    let place = dictionary.get_mut(4..8).ok_or("a dictionary has a head")?;
    place.copy_from_slice(&u32::from(number).to_le_bytes());
    fs::write(file, &dictionary)?;
    println!("{}: {} bytes out of {} samples", Path::new(file).display(), dictionary.len(), samples.len());
    Ok(())
}

/// A request as the archive packs it (`src/store/archive/content.rs`).
fn as_kept(delivery: &Delivery) -> Vec<u8> {
    let Delivery { remote, method, query, headers, body, .. } = delivery;
    let head = serde_json::json!({"remote": remote, "method": method, "query": query, "headers": headers});
    [head.to_string().as_bytes(), b"\n", body].concat()
}

fn played() -> impl Iterator<Item = Delivery> {
    (0..STORIES).flat_map(|seed| {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let app = dice.random_range(1_400_000_000_u64..1_800_000_000).to_string();
        let stage = Stage { app, cast: CAST };
        let start_ms = dice.random_range(FROM_MS..UNTIL_MS);
        let accounts = CAST.ids().map(|_| format!("{:x}", dice.random_range(0x1000_u64..0xffff_ffff)));
        let played = traffic::story_on(&stage, seed, start_ms);
        played.into_iter().map(move |delivery| with_accounts(delivery, &accounts)).collect::<Vec<_>>()
    })
}

fn with_accounts(mut delivery: Delivery, accounts: &[String]) -> Delivery {
    let Ok(mut body) = String::from_utf8(delivery.body.clone()) else { return delivery };
    for (name, account) in CAST.ids().iter().zip(accounts) {
        body = body.replace(&format!("\"{name}\""), &format!("\"{account}\""));
    }
    delivery.body = body.into_bytes();
    delivery
}

/// The messages of Tencent's pages, each a few times, so that what no traffic plays is known too.
fn documented() -> Result<impl Iterator<Item = Delivery>, Box<dyn Error>> {
    let mut documented = Vec::new();
    for entry in fs::read_dir("tests/fixtures/samples")?.flatten().filter(|entry| entry.path().is_file()) {
        let body = fs::read(entry.path())?;
        let is_message = entry.file_name().to_string_lossy().ends_with(".json") && entry.file_name() != "INDEX.json";
        if is_message {
            documented.push(Delivery {
                received_ms: 0,
                source: Source::Callback,
                remote: "127.0.0.1".to_owned(),
                method: "POST".to_owned(),
                app: String::new(),
                query: String::new(),
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body,
            });
        }
    }
    documented.sort_by(|one, other| one.body.cmp(&other.body));
    Ok(std::iter::repeat_n(documented, 4).flatten())
}
