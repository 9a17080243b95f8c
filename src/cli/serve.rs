//! `serve`: the listener, the API and the web page without a window.

use std::{
    fs,
    io::Read as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    pin::pin,
};

use calltrail::{
    config,
    language::Language,
    listener::ListenerState,
    pasted,
    service::{self, Service, WebOptions},
};
use clap::Args;
use serde::Serialize;

use super::{Fault, apps, output, stop};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where Tencent's callbacks arrive, such as 127.0.0.1:8787; port 0 takes any free one
    #[arg(long, value_name = "ADDR")]
    hook: Option<SocketAddr>,
    /// Where the web page and the API are, such as 127.0.0.1:8788; port 0 takes any free one
    #[arg(long, value_name = "ADDR", conflicts_with = "no_web")]
    web: Option<SocketAddr>,
    /// No web page, and the API for commands of this user alone
    #[arg(long)]
    no_web: bool,
    /// A file with the token of the callback URL; - is standard input
    #[arg(long, value_name = "FILE")]
    hook_token_file: Option<PathBuf>,
    /// An application that is ours, with a label if you like; may be repeated; it is kept
    #[arg(long, value_name = "ID[=LABEL]", value_parser = app)]
    app: Vec<(String, String)>,
    /// Begins with invented data in a record of its own, which is gone when Calltrail stops
    #[arg(long, conflicts_with = "no_web")]
    demo: bool,
    /// Prints one line of JSON with both addresses when both are ready
    #[arg(long)]
    json: bool,
}

/// Reads `ID` or `ID=LABEL`.
fn app(text: &str) -> Result<(String, String), String> {
    let (id, label) = text.split_once('=').unwrap_or((text, ""));
    Ok((apps::id(id)?, label.to_owned()))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Addresses<'a> {
    hook: &'a str,
    web: Option<&'a str>,
}

pub(crate) fn run(folder: PathBuf, options: Options) -> Result<(), Fault> {
    let token = options.hook_token_file.as_deref().map(read_token).transpose()?;
    let web = (!options.no_web).then_some(WebOptions { addr: options.web });
    let (json, demo) = (options.json, options.demo);
    let start = service::Options {
        data_dir: folder,
        holder: "calltrail serve".to_owned(),
        hook: options.hook,
        web,
        token,
        apps: options.app,
        demo: options.demo.then(Language::of_system),
        ..service::Options::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = Service::start(start).await?;
        if let ListenerState::Retrying { why, .. } = service.listener().state() {
            output::complain(&why.to_string());
        }
        let told = tell_and_wait(&service, json, demo).await;
        service.stop().await;
        told
    })
}

/// Prints the addresses and waits until the process is asked to stop. A program that reads JSON is told nothing before
/// callbacks can arrive; a person is told at once, with what is in the way on standard error.
async fn tell_and_wait(service: &Service, json: bool, demo: bool) -> Result<(), Fault> {
    // Before anybody is told that it runs, because who is told may ask at once.
    let mut asked = pin!(stop::asked()?);
    let listener = service.listener();
    if json {
        tokio::select! {
            () = &mut asked => return Ok(()),
            _ = listener.listening() => {}
        }
    }
    announce(service, json, demo)?;
    asked.await;
    Ok(())
}

fn announce(service: &Service, json: bool, demo: bool) -> Result<(), Fault> {
    let (hook, web) = (service.hook_url(), service.web_url());
    if json {
        let line = serde_json::to_string(&Addresses { hook: &hook, web: web.as_deref() })?;
        return output::print(&format!("{line}\n"));
    }
    let mut text = format!("Callbacks arrive at  {hook}\n");
    if let Some(web) = web {
        text.push_str(&format!("The record is at     {web}\n"));
        if demo {
            text.push_str("It shows invented data, which is gone when Calltrail stops; what arrives is kept in the real record.\n");
        }
    }
    text.push_str("Ctrl-C stops Calltrail; what has arrived by then is kept.\n");
    output::print(&text)
}

fn read_token(file: &Path) -> Result<String, Fault> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    let unread = |why: String| Fault::Failed(format!("The token file {} could not be read: {why}.", file.display()));
    let bytes = bytes.map_err(|why| unread(why.to_string()))?;
    let text = pasted::text_of(&bytes).ok_or_else(|| unread("it is not a text in UTF-8".to_owned()))?;
    let token = pasted::tidy_quoted(&text).into_owned();
    if config::is_strong(&token) { Ok(token) } else { Err(config::Error::WeakToken.into()) }
}
