//! One application at Tencent: its key, and what Tencent keeps for it.

use std::collections::BTreeMap;

use super::record::Record;
use crate::{
    secret::Secret,
    tencent::{Configuration, Product},
};

/// An application as the sandbox is told of it.
#[derive(Clone, Debug)]
pub struct SandboxApp {
    /// The SDKAppID.
    pub id: String,
    /// The SDKSecretKey.
    pub key: Secret,
    /// The administrator's account; Tencent makes `administrator`.
    pub administrator: String,
    /// Whether the application has the Group Call edition, without which v1 answers 50001.
    pub group_call_edition: bool,
}

impl SandboxApp {
    /// An application with the Group Call edition and the administrator that Tencent makes.
    pub fn new(id: impl Into<String>, key: Secret) -> Self {
        let administrator = crate::tencent::ADMINISTRATOR.to_owned();
        Self { id: id.into(), key, administrator, group_call_edition: true }
    }
}

/// The token of Live callbacks (page 69528).
#[derive(Clone, Debug)]
pub(super) struct LiveToken {
    pub(super) token: Secret,
    pub(super) enabled: bool,
}

/// What RTC Engine's console holds.
#[derive(Clone, Debug)]
pub(super) struct RtcEngine {
    pub(super) url: String,
    pub(super) key: Option<Secret>,
}

/// An application and what Tencent keeps for it.
#[derive(Debug)]
pub(super) struct Tenant {
    pub(super) app: SandboxApp,
    pub(super) configurations: BTreeMap<Product, Configuration>,
    pub(super) live_token: Option<LiveToken>,
    pub(super) rtc: Option<RtcEngine>,
    pub(super) records: BTreeMap<String, Record>,
}

impl Tenant {
    pub(super) const fn new(app: SandboxApp) -> Self {
        Self { app, configurations: BTreeMap::new(), live_token: None, rtc: None, records: BTreeMap::new() }
    }

    /// Puts a configuration in place of the one that is there, or removes it.
    pub(super) fn configure(&mut self, product: Product, configuration: Option<Configuration>) {
        match configuration {
            Some(configuration) => self.configurations.insert(product, configuration),
            None => self.configurations.remove(&product),
        };
    }
}
