//! `callbacks get|set|update|delete|history|restore|sign`: what Tencent sends, and where to.

mod sign;

use std::path::PathBuf;

use calltrail::{
    clock::Clock,
    config::{Config, KeyStore, Vault},
    pasted, service,
    subscription::{self, Answer, Applied, Change, Level, Notice, Origin, Plan, Problem, State, Subscriptions, Wanted},
    tencent::{Configuration, Product, catalogue::Preset},
};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Fault, apps, output};

/// The end of each `--help`.
const PRODUCTS: &str = "\
Products: call (calls), call-v1 (calls of the older client), live (live rooms), room (conferences). RTC Engine's callbacks
can be switched on in Tencent's console alone.";
/// The end of `--help` where something is chosen.
const CHOICE: &str = "\
Products: call (calls), call-v1 (calls of the older client), live (live rooms), room (conferences). RTC Engine's callbacks
can be switched on in Tencent's console alone.
Presets: history (when calls and rooms were, and how they ended), presence (and who was there), everything (all that
Calltrail can show).
What needs somebody's word is asked: the command then changes nothing and names a code for --agree.";
/// The end of `callbacks sign --help`.
const SIGN: &str = "\
On: Tencent gets a token (or keeps the one it signs with already), and it is kept here; Live callbacks that it does not sign
wait in quarantine. Off: both sides forget it, and all are taken. While Calltrail runs, its window or page does this.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Asks Tencent what it sends now, and where to; the address is printed in full, with the secret at its end
    #[command(after_help = PRODUCTS)]
    Get {
        #[command(flatten)]
        of: Of,
        /// As JSON; null where nothing is configured
        #[arg(long)]
        json: bool,
    },
    /// Chooses what Tencent is to send, in place of what it sends now; says first what changes
    #[command(after_help = CHOICE)]
    Set(Choice),
    /// The same as `set`, but only where something is configured already
    #[command(after_help = CHOICE)]
    Update(Choice),
    /// Ends the sending: Tencent forgets the address and the list
    #[command(after_help = PRODUCTS)]
    Delete {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        consent: Consent,
    },
    /// Lists every change made here or noticed, the newest first, with what was before and after
    #[command(after_help = PRODUCTS)]
    History {
        #[command(flatten)]
        of: Of,
        /// As JSON, one change a line
        #[arg(long)]
        json: bool,
    },
    /// Brings back what Tencent sent before a change of the history
    #[command(after_help = PRODUCTS)]
    Restore {
        #[command(flatten)]
        of: Of,
        /// The change's number, as `history` shows it
        #[arg(long, value_name = "N")]
        change: u64,
        #[command(flatten)]
        consent: Consent,
    },
    /// Whether Tencent signs Live callbacks, and Calltrail takes only those that are signed
    #[command(after_help = SIGN)]
    Sign {
        /// The SDKAppID (digits)
        #[arg(long, value_name = "ID", value_parser = apps::id)]
        app: String,
        #[arg(value_name = "on|off")]
        switch: sign::Switch,
    },
}

/// Whose callbacks.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// The SDKAppID (digits)
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: String,
    /// call, call-v1, live or room, as told below
    #[arg(long, value_parser = product)]
    product: Product,
}

/// What is to be sent.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    #[command(flatten)]
    of: Of,
    /// Where to [default: the public address of the settings, with this installation's secret]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// What to send, in Tencent's words with commas between them, such as Call.CallbackAfterEndCall
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        required_unless_present = "preset",
        conflicts_with = "preset"
    )]
    actions: Vec<String>,
    /// history, presence or everything, as told below, instead of a list
    #[arg(long, value_parser = preset)]
    preset: Option<Preset>,
    #[command(flatten)]
    consent: Consent,
}

/// What a person has agreed to.
#[derive(Debug, Args)]
pub(crate) struct Consent {
    /// Agrees to something that was asked, by the code that the question named; may be repeated
    #[arg(long, value_name = "CODE")]
    agree: Vec<String>,
    /// Only says what would change, and changes nothing
    #[arg(long)]
    dry_run: bool,
}

fn product(text: &str) -> Result<Product, String> {
    Product::read(text).ok_or_else(|| "use call-v1, call, live or room".to_owned())
}

fn preset(text: &str) -> Result<Preset, String> {
    Preset::ALL
        .into_iter()
        .find(|preset| preset.code() == text)
        .ok_or_else(|| "use history, presence or everything".to_owned())
}

pub(crate) fn run(folder: PathBuf, command: Command) -> Result<(), Fault> {
    let subscriptions = open(folder.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Get { of, json } => get(&subscriptions, &of, json).await,
            Command::Set(choice) => choose(&subscriptions, choice, false).await,
            Command::Update(choice) => choose(&subscriptions, choice, true).await,
            Command::Delete { of, consent } => change(&subscriptions, &of, Wanted::Nothing, &consent, false).await,
            Command::History { of, json } => history(&subscriptions, &of, json).await,
            Command::Restore { of, change: number, consent } => {
                let wanted = subscriptions.before(&of.app, of.product, number).await?;
                change(&subscriptions, &of, wanted, &consent, false).await
            }
            Command::Sign { app, switch } => sign::run(&folder, &app, switch, &subscriptions).await,
        }
    })
}

/// Works beside a running Calltrail: nothing of the record is touched.
fn open(folder: PathBuf) -> Result<Subscriptions, Fault> {
    let config = Config::load_or_create(&folder)?;
    let vault = Vault::open(&folder, KeyStore::Auto);
    Ok(Subscriptions::new(folder, vault, Clock::system(), service::hook_url(config.hook, &config.token)))
}

async fn get(subscriptions: &Subscriptions, of: &Of, json: bool) -> Result<(), Fault> {
    let reading = subscriptions.read(&of.app, of.product).await?;
    if let Some(error) = reading.error {
        return Err(error.into());
    }
    if json {
        let found =
            reading.found.as_ref().map_or(Value::Null, |found| json!({"url": found.url, "actions": found.actions}));
        return output::print(&format!("{found}\n"));
    }
    let said = match reading.state {
        State::Drift => {
            "\nThis is not what was set here; somebody else changed it. `callbacks history` tells what was.\n"
        }
        _ => "",
    };
    output::print(&format!("{}{said}", described(reading.found.as_ref())))
}

/// A configuration in lines.
fn described(configuration: Option<&Configuration>) -> String {
    match configuration {
        None => "Nothing is configured; Tencent sends none of these callbacks.\n".to_owned(),
        Some(Configuration { url, actions }) => {
            let actions: String = actions.iter().map(|action| format!("  {action}\n")).collect();
            format!("Sent to {url}\n{actions}")
        }
    }
}

async fn choose(subscriptions: &Subscriptions, choice: Choice, only_update: bool) -> Result<(), Fault> {
    let Choice { of, url, actions, preset, consent } = choice;
    let actions = match preset {
        Some(preset) => preset.words(of.product).into_iter().map(str::to_owned).collect(),
        None => actions.into_iter().map(|action| action.trim().to_owned()).collect(),
    };
    let wanted = match url {
        Some(url) => Wanted::Exactly(Configuration { url: pasted::tidy_quoted(&url).into_owned(), actions }),
        None => Wanted::Actions(actions),
    };
    change(subscriptions, &of, wanted, &consent, only_update).await
}

/// Says what changes, and changes it unless that is all that was asked for.
async fn change(
    subscriptions: &Subscriptions,
    of: &Of,
    wanted: Wanted,
    consent: &Consent,
    only_update: bool,
) -> Result<(), Fault> {
    let plan = subscriptions.plan(&of.app, of.product, wanted.clone()).await?;
    if only_update && plan.before.is_none() {
        return Err(Fault::Failed(
            "Nothing is configured yet, so there is nothing to update. Use `callbacks set`.".to_owned(),
        ));
    }
    tell(&plan)?;
    if consent.dry_run {
        return Ok(());
    }
    let applied = subscriptions
        .apply(&of.app, of.product, wanted, &plan.seen, &consent.agree, Origin::Command)
        .await
        .map_err(|error| match error {
        subscription::Error::Here(Problem::NotAgreed { notices }) => Fault::Failed(ask(&notices)),
        other => other.into(),
    })?;
    match applied {
        Applied { error: Some(error), .. } => Err(error.into()),
        Applied { confirmed: false, .. } => Err(Fault::Failed(
            "Tencent accepted the change, but still shows something else. Look again with `callbacks get`.".to_owned(),
        )),
        Applied { change: None, .. } => output::print("Nothing had to be changed.\n"),
        Applied { .. } => output::print("Done; read back from Tencent and found so.\n"),
    }
}

fn tell(plan: &Plan) -> Result<(), Fault> {
    let mut text = String::new();
    let url = |of: &Option<Configuration>| of.as_ref().map(|found| found.url.clone());
    if url(&plan.before) != url(&plan.after) {
        let place = |of| url(of).unwrap_or_else(|| "nowhere".to_owned());
        text.push_str(&format!("Sent to {} (before: {})\n", place(&plan.after), place(&plan.before)));
    }
    for (sign, words) in [("+", plan.added()), ("-", plan.removed())] {
        text.extend(words.into_iter().map(|word| format!("  {sign} {word}\n")));
    }
    output::print(&text)?;
    for (word, because) in &plan.also {
        output::complain(&format!("{word} is switched on too. {because}"));
    }
    for notice in plan.notices.iter().filter(|notice| notice.level() == Level::Advice) {
        output::complain(&notice.to_string());
    }
    Ok(())
}

fn ask(open: &[Notice]) -> String {
    let lines: Vec<String> =
        open.iter().map(|notice| format!("{notice} To go on, add --agree {}.", notice.code())).collect();
    format!("nothing was changed. {}", lines.join(" "))
}

async fn history(subscriptions: &Subscriptions, of: &Of, json: bool) -> Result<(), Fault> {
    let changes = subscriptions.history(&of.app, of.product).await?;
    if changes.is_empty() && !json {
        output::complain("nothing was changed here yet.");
    }
    let lines = changes.iter().map(|change| if json { as_json(change) } else { as_text(change) });
    output::print(&lines.collect::<String>())
}

fn as_json(change: &Change) -> String {
    let mut value = serde_json::to_value(change).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.insert("change".to_owned(), change.number.into());
    }
    format!("{value}\n")
}

fn as_text(change: &Change) -> String {
    let when = chrono::DateTime::from_timestamp_millis(change.at_ms)
        .map(|when| when.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default();
    let answer = match &change.answer {
        Answer { code: Some(0), .. } if change.confirmed => "confirmed".to_owned(),
        Answer { code: Some(0), .. } => "accepted, not confirmed".to_owned(),
        Answer { error: Some(error), .. } => error.to_string(),
        _ if change.by == Origin::Elsewhere => "noticed here".to_owned(),
        Answer { message, .. } => message.clone(),
    };
    let indented = |of: Option<&Configuration>| described(of).replace('\n', "\n    ").trim_end().to_owned();
    format!(
        "{}  {when}  {} by {}: {answer}\n  before: {}\n  after: {}\n",
        change.number,
        change.does.code(),
        change.by.code(),
        indented(change.before.as_ref()),
        indented(change.after.as_ref()),
    )
}
