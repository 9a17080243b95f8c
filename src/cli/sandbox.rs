//! `sandbox`: plays Tencent on this computer, for trying Calltrail out and for tests.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    pin::pin,
    time::Duration,
};

use calltrail::{
    clock::Clock,
    config::Kind,
    sandbox::{self, DEMO_KEY, Faults, Pace, Play, Report, Sandbox, SandboxApp},
    secret::Secret,
    tencent::ADMINISTRATOR,
    traffic::{self, Scenario},
};
use clap::{Args, builder::PossibleValue};
use serde::Serialize;
use tokio::time::sleep;

use super::{Fault, apps, output, stop};

/// The port where the sandbox is when nobody says another one.
const PORT: u16 = 8790;

#[derive(Debug, Args)]
#[command(after_help = walk())]
pub(crate) struct Options {
    /// The address of the REST API that is played, on this computer only; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)))]
    listen: SocketAddr,
    /// An application (SDKAppID) that exists there; may be repeated [default: 1400000000]
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: Vec<String>,
    /// A file with the SDKSecretKey of the applications; - is standard input [default: the key of Tencent's own sample]
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// The administrator of the applications
    #[arg(long, value_name = "NAME", default_value = ADMINISTRATOR)]
    admin: String,
    /// Lets this happen in each application at the start; may be repeated. What Tencent was not told to send is not sent
    #[arg(long, value_name = "SCENARIO", value_parser = ScenarioName)]
    play: Vec<Scenario>,
    /// Plays them again every so many seconds
    #[arg(long, value_name = "SECONDS", requires = "play", value_parser = clap::value_parser!(u64).range(1..))]
    every: Option<u64>,
    /// How fast they are played: instant, real, 60x or burst-8, as told below
    #[arg(long, value_name = "PACE", default_value_t = Pace::Instant)]
    pace: Pace,
    /// What chance begins with: the same seed, the same calls
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Something that goes wrong on purpose, such as duplicates=20; the faults are listed below; may be repeated
    #[arg(long, value_name = "NAME[=VALUE]", value_parser = fault)]
    fault: Vec<String>,
    /// Prints one line of JSON with the address and the applications when the sandbox is ready
    #[arg(long)]
    json: bool,
}

/// Reads a scenario by its name; `--help` and a wrong name list them.
#[derive(Clone)]
struct ScenarioName;

impl clap::builder::TypedValueParser for ScenarioName {
    type Value = Scenario;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Scenario, clap::Error> {
        let names = Scenario::ALL.iter().map(|scenario| PossibleValue::new(scenario.code()).help(scenario.about()));
        let name = clap::builder::PossibleValuesParser::new(names).parse_ref(command, argument, value)?;
        Scenario::read(&name).ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidValue).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Scenario::ALL.iter().map(|scenario| PossibleValue::new(scenario.code()).help(scenario.about()))))
    }
}

/// Reads a fault, to say at once what is wrong with it.
fn fault(text: &str) -> Result<String, String> {
    Faults::default().set(text).map(|()| text.to_owned())
}

/// The end of `--help`: the whole product in two minutes.
fn walk() -> String {
    let app = traffic::APP;
    let faults: String = Faults::NAMES.iter().map(|(name, about)| format!("  {name:26}{about}\n")).collect();
    format!(
        "\
Paces (--pace):
  instant                   everything at once, one after the other
  real                      as it happens
  60x                       sixty times as fast as it happens, or any other number
  burst-8                   everything at once, eight at the same time, or any other number

Faults (--fault), which can go together:
{faults}
Try Calltrail in two minutes, without an account at Tencent. In one terminal:

  calltrail sandbox

In a second one, tell Calltrail of the application and its key, and let it take callbacks:

  printf %s {DEMO_KEY} > demo.key
  calltrail --data-dir try app add {app} --label Demo --region http://127.0.0.1:{PORT} --secret-key-file demo.key
  calltrail --data-dir try serve

It prints where callbacks arrive and where the record is. In a third one, with that callback address, choose what is sent,
and let two weeks of a small clinic happen:

  calltrail --data-dir try callbacks set --app {app} --product call --preset everything --url CALLBACK_ADDRESS
  curl -o played.json -d '{{\"scenario\":\"fortnight\"}}' http://127.0.0.1:{PORT}/sandbox/play

Then open the record's address in a browser. played.json says what became of each callback. GET /sandbox lists the
scenarios, GET /sandbox/sent says what was sent, POST /sandbox/configuration changes a configuration as somebody else at
Tencent's console would, POST /sandbox/faults makes things go wrong, POST /sandbox/rtc sets the address of RTC Engine's
events."
    )
}

/// What `--json` prints.
#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    apps: &'a [String],
}

pub(crate) fn run(options: Options) -> Result<(), Fault> {
    let key = match options.secret_key_file.as_deref() {
        Some(file) => apps::read_secret(Kind::SecretKey, file)?,
        None => Secret::from(DEMO_KEY.to_owned()),
    };
    let apps = if options.app.is_empty() { vec![traffic::APP.to_owned()] } else { options.app.clone() };
    let mut faults = Faults::default();
    for fault in &options.fault {
        faults.set(fault).map_err(Fault::Usage)?;
    }
    let known = apps
        .iter()
        .map(|id| SandboxApp { administrator: options.admin.clone(), ..SandboxApp::new(id.as_str(), key.clone()) });
    let start =
        sandbox::Options { listen: options.listen, apps: known.collect(), seed: options.seed, clock: Clock::system() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before anybody is told that it runs, because who is told may ask at once.
        let mut asked = pin!(stop::asked()?);
        let sandbox = Sandbox::start(start).await?;
        sandbox.faults(faults);
        announce(&sandbox, &apps, &options)?;
        let played = tokio::select! {
            () = &mut asked => Ok(()),
            played = play_all(&sandbox, &apps, &options) => played,
        };
        if played.is_ok() && options.every.is_none() {
            asked.await;
        }
        sandbox.stop().await;
        played
    })
}

fn announce(sandbox: &Sandbox, apps: &[String], options: &Options) -> Result<(), Fault> {
    let url = sandbox.url();
    if options.json {
        return output::print(&format!("{}\n", serde_json::to_string(&Ready { url: &url, apps })?));
    }
    let mut text = format!("Tencent is played at  {url}\n");
    let counted = if apps.len() == 1 { "Its application is" } else { "Its applications are" };
    text.push_str(&format!("{counted} {}, with the administrator {}.\n", apps.join(", "), options.admin));
    if options.secret_key_file.is_none() {
        text.push_str(&format!(
            "The SDKSecretKey is the one that Tencent prints in its own sample, {DEMO_KEY}: everybody knows it, so it is good for \
             nothing else.\n"
        ));
    }
    text.push_str("Ctrl-C stops it. `calltrail sandbox --help` shows how to try Calltrail with it.\n");
    output::print(&text)
}

/// Plays what was asked for, once, or again and again.
async fn play_all(sandbox: &Sandbox, apps: &[String], options: &Options) -> Result<(), Fault> {
    loop {
        for (app, scenario) in apps.iter().flat_map(|app| options.play.iter().map(move |scenario| (app, *scenario))) {
            let report = sandbox.perform(Play { pace: options.pace, ..Play::new(app, scenario) }).await?;
            if !options.json {
                output::print(&told(app, &report))?;
            }
        }
        match options.every {
            Some(seconds) => sleep(Duration::from_secs(seconds)).await,
            None => return Ok(()),
        }
    }
}

/// One line about a scenario that was played.
fn told(app: &str, report: &Report) -> String {
    let (taken, refused, unasked) = (report.taken(), report.refused(), report.not_configured());
    let total = report.deliveries.len();
    let mut line = format!("{app}: {} was played: {taken} of {total} callbacks were taken", report.scenario);
    if refused > 0 {
        line.push_str(&format!(", {refused} were not"));
    }
    if unasked > 0 {
        line.push_str(&format!(", {unasked} are not switched on"));
    }
    line + ".\n"
}
