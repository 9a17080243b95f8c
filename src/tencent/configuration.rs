//! The callback configuration of a product: read, set, deleted (pages 60131 to 60134, 68937 to 68939, 64418 to 64420, 60728 to 60730).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Client, Error, Product,
    client::Request,
    codes,
    envelope::{get, text, texts},
};

/// Where callbacks of one product go, and which ones are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The address (`Url`, `address` in v1). Tencent adds its query to it.
    pub url: String,
    /// The commands that are switched on (`CallbackCommandList`, `actions` in v1).
    pub actions: Vec<String>,
}

impl Configuration {
    /// Whether two configurations send the same to the same address; the order of the commands means nothing.
    pub fn is_same(&self, other: &Self) -> bool {
        self.url == other.url && sorted(&self.actions) == sorted(&other.actions)
    }

    fn body(&self, api: codes::Api) -> Value {
        match api {
            codes::Api::V1 => json!({ "address": self.url, "actions": self.actions }),
            codes::Api::V4 => json!({ "Url": self.url, "CallbackCommandList": self.actions }),
        }
    }
}

fn sorted(actions: &[String]) -> Vec<&str> {
    let mut sorted: Vec<&str> = actions.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// The requests of one product's configuration.
struct Requests {
    get: Request,
    set: Request,
    /// Not every product has one: Call has not (page 68938).
    update: Option<Request>,
    delete: Request,
}

impl Requests {
    const fn of(product: Product) -> Self {
        match product {
            Product::CallV1 => Self {
                get: Request::v1("v1/callback/get", 10),
                set: Request::v1("v1/callback/set", 10),
                update: Some(Request::v1("v1/callback/update", 10)),
                delete: Request::v1("v1/callback/delete", 10),
            },
            Product::Call => Self {
                get: Request::v4("v4/call_config/get_callback"),
                set: Request::v4("v4/call_config/set_callback"),
                update: None,
                delete: Request::v4("v4/call_config/delete_callback"),
            },
            Product::Live => Self {
                get: Request::v4("v4/live_config/get_callback"),
                set: Request::v4("v4/live_config/set_callback"),
                update: Some(Request::v4("v4/live_config/update_callback")),
                delete: Request::v4("v4/live_config/delete_callback"),
            },
            Product::Room => Self {
                get: Request::v4("v4/room_config/get_callback"),
                set: Request::v4("v4/room_config/set_callback"),
                update: Some(Request::v4("v4/room_config/update_callback")),
                delete: Request::v4("v4/room_config/delete_callback"),
            },
        }
    }
}

impl Client {
    /// What Tencent has now; `None` where nothing is configured.
    pub async fn configuration(&self, product: Product) -> Result<Option<Configuration>, Error> {
        let request = Requests::of(product).get;
        let answer = match self.ask(request, &json!({})).await {
            Ok(answer) => answer,
            Err(error) if is_nothing(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (url, actions) = match request.api {
            codes::Api::V1 => ("address", "actions"),
            codes::Api::V4 => ("Url", "CallbackCommandList"),
        };
        let found = Configuration { url: text(get(&answer, url)), actions: texts(get(&answer, actions)) };
        // An answer without an address says the same as the code for nothing.
        Ok((!found.url.is_empty()).then_some(found))
    }

    /// Sets what is sent and where to, whatever was there before: set, update where Tencent says that a configuration exists,
    /// and where a deployment does not know update, delete and set again (protocol.md 9.6).
    pub async fn configure(&self, product: Product, wanted: &Configuration) -> Result<(), Error> {
        let requests = Requests::of(product);
        let body = wanted.body(requests.set.api);
        let exists = match self.ask(requests.set, &body).await {
            Err(error) if error.tencent_code() == Some(codes::EXISTS) => error,
            ended => return ended.map(|_| ()),
        };
        let updated = match requests.update {
            Some(update) => self.ask(update, &body).await,
            None => Err(exists),
        };
        match updated {
            Err(error) if matches!(error.tencent_code(), Some(codes::EXISTS | codes::NO_SUCH_ADDRESS)) => {
                self.ask(requests.delete, &json!({})).await?;
                self.ask(requests.set, &body).await.map(|_| ())
            }
            ended => ended.map(|_| ()),
        }
    }

    /// Changes what is sent where something is configured already; an error with Tencent's code where nothing is. Products
    /// without such a request are set.
    pub async fn update(&self, product: Product, wanted: &Configuration) -> Result<(), Error> {
        let requests = Requests::of(product);
        let request = requests.update.unwrap_or(requests.set);
        self.ask(request, &wanted.body(request.api)).await.map(|_| ())
    }

    /// Ends the sending of a product's callbacks. Nothing configured is no error.
    pub async fn delete_configuration(&self, product: Product) -> Result<(), Error> {
        match self.ask(Requests::of(product).delete, &json!({})).await {
            Err(error) if !is_nothing(&error) => Err(error),
            _ => Ok(()),
        }
    }
}

fn is_nothing(error: &Error) -> bool {
    match error {
        Error::Refused { api: codes::Api::V1, tencent_code, .. } => *tencent_code == codes::V1_NOTHING,
        Error::Refused { api: codes::Api::V4, tencent_code, .. } => *tencent_code == codes::NOTHING,
        _ => false,
    }
}
