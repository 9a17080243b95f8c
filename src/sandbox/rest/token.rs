//! `live_config/*_callback_token`: the token that signs Live callbacks (pages 69528, 69529, 1071/78182).

use serde_json::{Map, Value, json};

use super::{
    super::tenant::{LiveToken, Tenant},
    envelope::Refusal,
};
use crate::{secret::Secret, tencent::codes::NO_TOKEN};

/// The longest token, in characters.
const LONGEST: usize = 128;

/// Sets the token, and whether callbacks are signed. Both are needed the first time, later only what changes.
pub(super) fn set(tenant: &mut Tenant, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let token = match body.get("Token") {
        None => tenant.live_token.as_ref().map(|known| known.token.clone()),
        Some(Value::String(token)) if (1..=LONGEST).contains(&token.chars().count()) => {
            Some(Secret::from(token.clone()))
        }
        Some(_) => None,
    };
    let enabled = match body.get("IsTokenEnable") {
        None => tenant.live_token.as_ref().map(|known| known.enabled),
        Some(enabled) => enabled.as_bool(),
    };
    let (Some(token), Some(enabled)) = (token, enabled) else {
        return Err(Refusal::new(
            100_002,
            "Token must have 1 to 128 characters, and IsTokenEnable must be a truth value",
        ));
    };
    tenant.live_token = Some(LiveToken { token, enabled });
    Ok(Value::Null)
}

/// The token.
pub(super) fn get(tenant: &Tenant) -> Result<Value, Refusal> {
    match &tenant.live_token {
        Some(LiveToken { token, enabled }) => Ok(json!({"Token": token.expose(), "IsTokenEnable": enabled})),
        None => Err(Refusal::new(NO_TOKEN, "callback token config not exist")),
    }
}

/// Forgets the token.
pub(super) fn delete(tenant: &mut Tenant) -> Result<Value, Refusal> {
    tenant.live_token = None;
    Ok(Value::Null)
}
