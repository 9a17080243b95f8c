//! The token that signs Live callbacks, as Tencent keeps it (pages 69528 and 69529).

use serde_json::{Value, json};

use super::{
    Client, Error,
    client::Request,
    codes,
    envelope::{get, text},
};
use crate::secret::Secret;

/// The token of Live callbacks, and whether callbacks are signed with it.
#[derive(Clone, Debug)]
pub struct CallbackToken {
    /// The token.
    pub token: Secret,
    /// Whether callbacks are signed.
    pub enabled: bool,
}

impl Client {
    /// The token that Tencent has; `None` where none is set.
    pub async fn callback_token(&self) -> Result<Option<CallbackToken>, Error> {
        match self.ask(Request::v4("v4/live_config/get_callback_token"), &json!({})).await {
            Ok(answer) => {
                let enabled = matches!(get(&answer, "IsTokenEnable"), Value::Bool(true));
                Ok(Some(CallbackToken { token: Secret::from(text(get(&answer, "Token"))), enabled }))
            }
            Err(error) if error.tencent_code() == Some(codes::NO_TOKEN) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets the token, and whether callbacks are signed with it.
    pub async fn set_callback_token(&self, token: &CallbackToken) -> Result<(), Error> {
        let body = json!({ "Token": token.token.expose(), "IsTokenEnable": token.enabled });
        self.ask(Request::v4("v4/live_config/set_callback_token"), &body).await.map(|_| ())
    }

    /// Forgets the token; callbacks are no longer signed.
    pub async fn delete_callback_token(&self) -> Result<(), Error> {
        self.ask(Request::v4("v4/live_config/delete_callback_token"), &json!({})).await.map(|_| ())
    }
}
