//! Closing the window: it goes out of sight and callbacks are taken in as before, unless closing is to be the end.

use crate::around::Around;
use crate::window;
use crate::words::Words;
use calltrail::api::{Desktop as _, Refuge};
use calltrail::config::{self, Config, Desktop, OnClose};
use std::sync::atomic::Ordering;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogResult};

/// What a window that is asked to close does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Ends Calltrail.
    Quit,
    /// Says first what closing means: nobody shall wonder where the window went.
    Tell(Refuge),
    /// Goes out of sight.
    Leave(Refuge),
}

const fn deed(settings: &Desktop, refuge: Refuge) -> Deed {
    match settings.on_close {
        OnClose::Quit => Deed::Quit,
        OnClose::Stay if settings.told => Deed::Leave(refuge),
        OnClose::Stay => Deed::Tell(refuge),
    }
}

/// What an answer to the notice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    GoOn,
    Quit,
    /// The notice was closed without a word: the window stays, and it is said again the next time.
    Nothing,
}

fn answer(result: &MessageDialogResult, words: &Words) -> Answer {
    match result {
        MessageDialogResult::Ok | MessageDialogResult::Yes => Answer::GoOn,
        MessageDialogResult::Custom(button) if button == words.go_on => Answer::GoOn,
        MessageDialogResult::Custom(button) if button == words.quit => Answer::Quit,
        _ => Answer::Nothing,
    }
}

/// Does what closing is to do. Blocks: settings are read, and the session is asked for a tray.
pub(crate) fn close(around: &Around) {
    // What cannot be read is no reason to end: what is not taken in is lost, and a window can be closed twice.
    let settings = Config::load_or_create(&around.folder).map(|config| config.desktop).unwrap_or_else(|why| {
        tracing::warn!("{why}");
        Desktop::default()
    });
    match deed(&settings, around.refuge()) {
        Deed::Quit => around.quit(),
        Deed::Leave(refuge) => window::leave(around, refuge),
        Deed::Tell(refuge) => tell(around, refuge),
    }
}

/// Says what closing means, once.
fn tell(around: &Around, refuge: Refuge) {
    if around.telling.swap(true, Ordering::SeqCst) {
        return;
    }
    let (words, around) = (Words::of(around.language()), around.clone());
    around
        .app
        .dialog()
        .message(words.stays(refuge))
        .title(words.stays)
        .buttons(MessageDialogButtons::OkCancelCustom(words.go_on.to_owned(), words.quit.to_owned()))
        .show_with_result(move |result| {
            around.telling.store(false, Ordering::SeqCst);
            match answer(&result, words) {
                Answer::GoOn => {
                    remember(&around);
                    window::leave(&around, refuge);
                }
                Answer::Quit => around.quit(),
                Answer::Nothing => {}
            }
        });
}

fn remember(around: &Around) {
    if let Err(why) = config::update(&around.folder, |config| config.desktop.told = true) {
        tracing::warn!("that it was said what closing means is said again: {why}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_is_explained_once_and_then_hides() {
        let mut settings = Desktop::default();
        assert_eq!(deed(&settings, Refuge::Tray), Deed::Tell(Refuge::Tray), "nobody knows yet");
        settings.told = true;
        assert_eq!(deed(&settings, Refuge::Tray), Deed::Leave(Refuge::Tray), "it was said");
        assert_eq!(deed(&settings, Refuge::Minimised), Deed::Leave(Refuge::Minimised), "there is no tray any more");
    }

    #[test]
    fn closing_ends_where_that_is_wanted() {
        for told in [false, true] {
            let settings = Desktop { on_close: OnClose::Quit, told, ..Desktop::default() };
            assert_eq!(deed(&settings, Refuge::Tray), Deed::Quit, "there is nothing to explain");
        }
    }

    #[test]
    fn only_a_button_is_an_answer() {
        for language in calltrail::language::Language::ALL {
            let words = Words::of(language);
            let pressed = |button: &str| answer(&MessageDialogResult::Custom(button.to_owned()), words);
            assert_eq!(pressed(words.go_on), Answer::GoOn);
            assert_eq!(pressed(words.quit), Answer::Quit);
            assert_eq!(answer(&MessageDialogResult::Cancel, words), Answer::Nothing, "Escape neither hides nor ends");
        }
    }
}
