//! The catalogue of callbacks as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::tencent::{
    Product,
    catalogue::{self, Preset},
};

/// Every callback that Tencent documents.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Catalogue {
    /// By product.
    products: Vec<CatalogueProduct>,
    /// The presets, the smallest first.
    presets: Vec<CataloguePreset>,
}

/// The callbacks of one product.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueProduct {
    /// Which one.
    product: Product,
    /// What people call it.
    name: &'static str,
    /// Which callbacks it holds, as a sentence.
    about: &'static str,
    /// Its callbacks.
    groups: Vec<CatalogueGroup>,
}

/// Callbacks that belong together.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueGroup {
    /// What people call them.
    name: &'static str,
    /// The callbacks.
    commands: Vec<CatalogueCommand>,
}

/// One callback that can be switched on.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueCommand {
    /// Tencent's word for it.
    command: &'static str,
    /// What it tells, as a sentence.
    tells: &'static str,
    /// What Calltrail makes of it, as a sentence.
    makes: &'static str,
    /// `record` fills the record, `other` is kept as a delivery, `before` blocks Tencent's users until it is answered,
    /// `switch` tells nothing.
    kind: &'static str,
    /// The presets that hold it.
    presets: Vec<&'static str>,
    /// Callbacks that are switched on with it.
    brings: Vec<Brought>,
}

/// A callback that has to be on beside another one.
#[derive(Debug, Serialize, ToSchema)]
struct Brought {
    /// Tencent's word for it.
    command: &'static str,
    /// Why, as a sentence.
    because: &'static str,
}

/// A choice of callbacks for a purpose.
#[derive(Debug, Serialize, ToSchema)]
struct CataloguePreset {
    /// `history`, `presence` or `everything`.
    preset: &'static str,
    /// What people call it.
    name: &'static str,
    /// What it is good for, as a sentence.
    about: &'static str,
}

impl Catalogue {
    /// All of it.
    pub(super) fn whole() -> Self {
        let products = Product::ALL.map(|product| CatalogueProduct {
            product,
            name: product.name(),
            about: product.about(),
            groups: catalogue::groups(product).iter().map(group).collect(),
        });
        let presets = Preset::ALL.map(|preset| CataloguePreset {
            preset: preset.code(),
            name: preset.name(),
            about: preset.about(),
        });
        Self { products: products.into(), presets: presets.into() }
    }
}

fn group(group: &catalogue::Group) -> CatalogueGroup {
    CatalogueGroup { name: group.name, commands: group.commands.iter().map(command).collect() }
}

fn command(command: &catalogue::Command) -> CatalogueCommand {
    let presets = Preset::ALL.into_iter().filter(|preset| command.from.is_some_and(|from| from <= *preset));
    CatalogueCommand {
        command: command.word,
        tells: command.tells,
        makes: command.makes,
        kind: command.kind.code(),
        presets: presets.map(Preset::code).collect(),
        brings: catalogue::brings(command.word)
            .map(|(command, because)| Brought { command, because })
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interface_is_tried_with_this_catalogue() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/dev/catalogue.json");
        let now = serde_json::to_value(Catalogue::whole()).expect("it can be written");
        if std::env::var_os("CALLTRAIL_UPDATE").is_some() {
            let text = serde_json::to_string_pretty(&now).expect("it can be written");
            std::fs::write(path, text + "\n").expect("written");
        }
        let kept: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).expect("there")).expect("JSON");
        assert_eq!(kept, now, "refresh ui/dev/catalogue.json with `CALLTRAIL_UPDATE=1 cargo test catalogue`");
    }
}
