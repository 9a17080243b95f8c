//! The catalogue holds what the pages list, and its presets are safe to apply.

use super::*;
use crate::callback::{self, Query};

#[test]
fn it_holds_every_documented_callback_once() {
    let count = |product| commands(product).count();
    assert_eq!(count(Product::CallV1), 25, "6 status and 19 event words (protocol.md 1.4)");
    assert_eq!(count(Product::Call), 3, "exactly three commands exist (protocol.md 2.1)");
    assert_eq!(count(Product::Live), 19, "the list of protocol.md 4.1");
    assert_eq!(count(Product::Room), 6, "the list of protocol.md 4.5");
    for product in Product::ALL {
        let mut words: Vec<_> = commands(product).map(|command| command.word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count(product), "{product}: no word twice");
    }
}

#[test]
fn every_word_is_one_that_the_listener_understands() {
    for product in Product::ALL {
        for Command { word, kind, .. } in commands(product) {
            let query = match product {
                Product::CallV1 => format!("sdkappid=1&command={word}"),
                _ => format!("SdkAppid=1&CallbackCommand={word}"),
            };
            let callback = callback::parse(&Query::parse(&query), &[], b"{}");
            assert_eq!(callback.command, *word, "{product}: the command is read");
            assert_eq!(
                callback.is_before(),
                *kind == Kind::Before || *kind == Kind::Switch,
                "{word}: what blocks is known to block"
            );
        }
    }
}

#[test]
fn no_preset_blocks_anybody_or_leaves_stays_open() {
    for (preset, product) in Preset::ALL.into_iter().flat_map(|preset| Product::ALL.map(|product| (preset, product))) {
        let words = preset.words(product);
        assert!(!words.is_empty(), "{preset:?} of {product} switches something on");
        for word in &words {
            assert!(!asks_permission(word), "{preset:?} of {product} holds {word}, which blocks users");
            if let Some((end, _)) = brings(word) {
                assert!(words.contains(&end), "{preset:?} of {product} holds {word} without {end}");
            }
        }
    }
    for product in Product::ALL {
        for word in commands(product).map(|command| command.word) {
            if let Some((end, _)) = brings(word) {
                assert!(command(product, end).is_some(), "{word} brings {end}, which exists");
            }
        }
    }
}

#[test]
fn a_question_for_permission_is_known_by_its_name() {
    assert!(asks_permission("Live.CallbackBeforeSendGift"), "documented");
    assert!(asks_permission("Room.CallbackBeforeSomethingNew"), "not documented, and blocks all the same");
    assert!(!asks_permission("Live.CallbackBeforeCallBackNotBlock"), "a switch asks nothing");
    assert!(!asks_permission("Live.CallbackAfterCreateRoom"), "told afterwards");
}
