//! What a change would do, and what speaks against it: said before anything is sent to Tencent.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::{
    address::{self, Ours},
    history::Does,
    notice::{Level, Notice},
};
use crate::tencent::{
    Configuration, Product,
    catalogue::{self, Because},
};

/// What is wanted of a product's callbacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// These commands, sent to our address.
    Actions(Vec<String>),
    /// These commands, sent to an address that somebody names.
    Exactly(Configuration),
    /// An earlier configuration, as it was.
    Restore(Option<Configuration>),
    /// Nothing is to be sent any more.
    Nothing,
    /// What Tencent has now is right, whoever made it.
    AsIs,
}

/// What a change would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The request that it takes.
    pub does: Does,
    /// What Tencent has.
    pub before: Option<Configuration>,
    /// What Tencent would have.
    pub after: Option<Configuration>,
    /// Commands that are switched on beside the wanted ones, and why.
    pub also: Vec<(String, Because)>,
    /// What to know before.
    pub notices: Vec<Notice>,
    /// Names what Tencent has, so that the plan is applied to that alone.
    pub seen: String,
}

impl Plan {
    /// What leads from what Tencent has to what is wanted. `sandbox`: Tencent's API is on this computer too.
    pub fn make(product: Product, now: Option<Configuration>, wanted: Wanted, ours: &Ours, sandbox: bool) -> Self {
        let seen = fingerprint(now.as_ref());
        let mut notices = Vec::new();
        let mut also = Vec::new();
        let after = match wanted {
            Wanted::Nothing => None,
            Wanted::AsIs => now.clone(),
            Wanted::Restore(earlier) => {
                if let Some(earlier) = &earlier {
                    notices.extend(address::check(&earlier.url, ours, sandbox));
                }
                earlier
            }
            Wanted::Actions(actions) => match &ours.url {
                Some(url) => Some(checked(
                    product,
                    Configuration { url: url.clone(), actions },
                    ours,
                    sandbox,
                    &mut also,
                    &mut notices,
                )),
                None => {
                    notices.push(Notice::NoPublicUrl);
                    now.clone()
                }
            },
            Wanted::Exactly(configuration) => {
                Some(checked(product, configuration, ours, sandbox, &mut also, &mut notices))
            }
        };
        let mut plan =
            Self { does: Does::between(now.as_ref(), after.as_ref()), before: now, after, also, notices, seen };
        plan.note_what_is_lost(product, ours);
        plan
    }

    /// Commands that would be switched on.
    pub fn added(&self) -> Vec<&str> {
        difference(self.after.as_ref(), self.before.as_ref())
    }

    /// Commands that would be switched off.
    pub fn removed(&self) -> Vec<&str> {
        difference(self.before.as_ref(), self.after.as_ref())
    }

    /// Commands that stay.
    pub fn kept(&self) -> Vec<&str> {
        let after = words(self.after.as_ref());
        words(self.before.as_ref()).into_iter().filter(|word| after.contains(word)).collect()
    }

    /// What would be lost to others: a moderator that asks for permission, and whoever gets the callbacks now.
    fn note_what_is_lost(&mut self, product: Product, ours: &Ours) {
        if self.does == Does::Nothing {
            // Nothing is asked about what stays as it is.
            self.notices.retain(|notice| notice.level() == Level::Stop);
            if self.notices.is_empty() {
                self.notices.push(Notice::NothingChanges);
            }
            return;
        }
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        let url =
            |configuration: Option<&Configuration>| configuration.map(|found| found.url.clone()).unwrap_or_default();
        let moves = url(before) != url(after);
        let foreign = before.is_some() && !ours.owns(&url(before));
        let asking = |configuration: Option<&Configuration>| -> Vec<String> {
            words(configuration)
                .into_iter()
                .filter(|word| catalogue::asks_permission(word))
                .map(str::to_owned)
                .collect()
        };
        let (asked, asks) = (asking(before), asking(after));
        let mut notices = Vec::new();
        let unknown = undocumented(product, self.removed());
        if !unknown.is_empty() {
            notices.push(Notice::DropsUnknown { commands: unknown });
        }
        if foreign && !asked.is_empty() && (moves || asks != asked) {
            notices.push(Notice::Moderation { commands: asked, stops: true });
        } else if !asks.is_empty() && asks != asked && ours.owns(&url(after)) {
            notices.push(Notice::Moderation { commands: asks, stops: false });
        }
        if foreign && moves {
            notices.push(Notice::OtherUrl { url: address::shown(&url(before), ours).text });
        }
        self.notices.extend(notices);
    }
}

/// The wanted configuration with what has to be on beside it; what speaks against it goes into `notices`.
fn checked(
    product: Product,
    mut wanted: Configuration,
    ours: &Ours,
    sandbox: bool,
    also: &mut Vec<(String, Because)>,
    notices: &mut Vec<Notice>,
) -> Configuration {
    wanted.url = wanted.url.trim().to_owned();
    notices.extend(address::check(&wanted.url, ours, sandbox));
    let mut seen = BTreeSet::new();
    wanted.actions.retain(|word| !word.is_empty() && seen.insert(word.clone()));
    for word in wanted.actions.clone() {
        if let Some((end, because)) = catalogue::brings(&word)
            && !wanted.actions.iter().any(|word| word == end)
        {
            wanted.actions.push(end.to_owned());
            also.push((end.to_owned(), because));
        }
    }
    let unknown = undocumented(product, wanted.actions.iter().map(String::as_str));
    if !unknown.is_empty() {
        notices.push(Notice::UnknownCommand { commands: unknown });
    }
    if wanted.actions.is_empty() {
        notices.push(Notice::NoCommand);
    }
    wanted
}

/// Those of these words that no page of Tencent names.
fn undocumented<'a>(product: Product, words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().filter(|word| catalogue::command(product, word).is_none()).map(str::to_owned).collect()
}

fn words(configuration: Option<&Configuration>) -> Vec<&str> {
    configuration.into_iter().flat_map(|found| found.actions.iter().map(String::as_str)).collect()
}

fn difference<'a>(of: Option<&'a Configuration>, without: Option<&Configuration>) -> Vec<&'a str> {
    let without = words(without);
    words(of).into_iter().filter(|word| !without.contains(word)).collect()
}

/// Names a configuration: the same name means the same address and the same commands, in any order.
pub fn fingerprint(configuration: Option<&Configuration>) -> String {
    let Some(Configuration { url, actions }) = configuration else { return "nothing".to_owned() };
    let mut actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    actions.sort_unstable();
    actions.dedup();
    let mut text = Sha256::new().chain_update(url);
    for action in actions {
        text = text.chain_update("\n").chain_update(action);
    }
    let mut name = hex::encode(text.finalize());
    name.truncate(32);
    name
}
