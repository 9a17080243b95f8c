//! The catalogue of callbacks as the API shows it: codes and Tencent's words. What is said of them is the window's.

use serde::Serialize;
use utoipa::ToSchema;

use crate::tencent::{
    Product,
    catalogue::{self, Because, GroupCode, Kind, Makes, Preset},
};

/// Every callback that Tencent documents.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Catalogue {
    /// By product.
    products: Vec<CatalogueProduct>,
    /// The presets, the smallest first.
    presets: Vec<Preset>,
}

/// The callbacks of one product.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueProduct {
    /// Which one.
    product: Product,
    /// Its callbacks.
    groups: Vec<CatalogueGroup>,
}

/// Callbacks that belong together.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueGroup {
    /// Which ones.
    group: GroupCode,
    /// The callbacks.
    commands: Vec<CatalogueCommand>,
}

/// One callback that can be switched on.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueCommand {
    /// Tencent's word for it.
    command: &'static str,
    /// What Calltrail makes of it.
    makes: Makes,
    /// `record` fills the record, `other` is kept as a delivery, `before` blocks Tencent's users until it is answered,
    /// `switch` tells nothing.
    kind: Kind,
    /// The presets that hold it.
    presets: Vec<Preset>,
    /// Callbacks that are switched on with it.
    brings: Vec<Brought>,
}

/// A callback that has to be on beside another one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Brought {
    /// Tencent's word for it.
    pub(super) command: String,
    /// Why.
    pub(super) because: Because,
}

impl Catalogue {
    /// All of it.
    pub(super) fn whole() -> Self {
        let products = Product::ALL.map(|product| CatalogueProduct {
            product,
            groups: catalogue::groups(product).iter().map(group).collect(),
        });
        Self { products: products.into(), presets: Preset::ALL.into() }
    }
}

fn group(group: &catalogue::Group) -> CatalogueGroup {
    CatalogueGroup { group: group.code, commands: group.commands.iter().map(command).collect() }
}

fn command(command: &catalogue::Command) -> CatalogueCommand {
    let presets = Preset::ALL.into_iter().filter(|preset| command.from.is_some_and(|from| from <= *preset));
    let brings = catalogue::brings(command.word);
    CatalogueCommand {
        command: command.word,
        makes: command.makes,
        kind: command.kind,
        presets: presets.collect(),
        brings: brings.map(|(command, because)| Brought { command: command.to_owned(), because }).into_iter().collect(),
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
