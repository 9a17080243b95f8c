//! Tencent's REST APIs: the door that every request goes through, and the list of what can be asked.
//!
//! HTTP status 200 whatever happens, POST only, names and values case-sensitive (protocol.md 8.1). The checks come in this
//! order: the address, the query, the application, the rate, the UserSig, the administrator, the package, the body.

mod configuration;
mod envelope;
pub(super) mod pace;
mod records;
mod token;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{Method, Request, Uri, header},
    response::Response,
};
use chrono::DateTime;
use serde_json::{Map, Value};

use self::envelope::{Api, Refusal};
use super::{
    tenant::{SandboxApp, Tenant},
    world::World,
};
use crate::tencent::{
    Product,
    usersig::{self, Fault},
};

/// The longest body that is read.
const LONGEST_BODY: usize = 1024 * 1024;

/// What one API does.
#[derive(Clone, Copy, Debug)]
enum Does {
    Set(Product),
    Update(Product),
    Get(Product),
    Delete(Product),
    SetToken,
    GetToken,
    DeleteToken,
    RecordV1,
    RecordsV1,
    Record,
    Records,
}

/// Every API: its path, how many requests a second an application has, and what it does (protocol.md 1.6, 1.8, 2.7, 3, 4.4, 4.5).
const APIS: [(&str, u32, Does); 22] = [
    ("v1/callback/set", 10, Does::Set(Product::CallV1)),
    ("v1/callback/update", 10, Does::Update(Product::CallV1)),
    ("v1/callback/get", 10, Does::Get(Product::CallV1)),
    ("v1/callback/delete", 10, Does::Delete(Product::CallV1)),
    ("v1/records/get_record_by_callId", 20, Does::RecordV1),
    ("v1/records/get_records_by_filter", 200, Does::RecordsV1),
    ("v4/call_config/set_callback", 200, Does::Set(Product::Call)),
    ("v4/call_config/get_callback", 200, Does::Get(Product::Call)),
    ("v4/call_config/delete_callback", 200, Does::Delete(Product::Call)),
    ("v4/live_config/set_callback", 200, Does::Set(Product::Live)),
    ("v4/live_config/update_callback", 200, Does::Update(Product::Live)),
    ("v4/live_config/get_callback", 200, Does::Get(Product::Live)),
    ("v4/live_config/delete_callback", 200, Does::Delete(Product::Live)),
    ("v4/live_config/set_callback_token", 200, Does::SetToken),
    ("v4/live_config/get_callback_token", 200, Does::GetToken),
    ("v4/live_config/delete_callback_token", 200, Does::DeleteToken),
    ("v4/room_config/set_callback", 200, Does::Set(Product::Room)),
    ("v4/room_config/update_callback", 200, Does::Update(Product::Room)),
    ("v4/room_config/get_callback", 200, Does::Get(Product::Room)),
    ("v4/room_config/delete_callback", 200, Does::Delete(Product::Room)),
    ("v4/call_record_http_srv/get_record_by_callid", 200, Does::Record),
    ("v4/call_record_http_srv/get_record_by_filter", 200, Does::Records),
];

/// Answers at every path.
pub(super) fn router(world: Arc<World>) -> Router {
    Router::new().fallback(answer).with_state(world)
}

async fn answer(State(world): State<Arc<World>>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let api = Api::of(head.uri.path());
    // A body that is too long, or that ends early, is one that cannot be read.
    let body = to_bytes(body, LONGEST_BODY).await.unwrap_or_default();
    let answered = asked(&world, api, &head.method, &head.uri, &body);
    let (number, id) = world.next_answer();
    let text = envelope::wrap(api, number, &id, answered).to_string();
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    // By the sandbox's clock, so that who compares clocks compares with that of Tencent's side.
    let date = DateTime::from_timestamp_millis(world.skewed_ms()).unwrap_or_default();
    if let Ok(date) = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string().parse() {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Everything that a request goes through. `Value::Null` is success without anything to say.
fn asked(world: &World, api: Api, method: &Method, uri: &Uri, body: &[u8]) -> Result<Value, Refusal> {
    let path = uri.path().trim_start_matches('/');
    let known = APIS.into_iter().find(|(known, ..)| *known == path);
    let (path, per_second, does) = known.ok_or_else(|| api.no_such_address())?;
    if method != Method::POST {
        return Err(api.bad_address("only POST is answered"));
    }
    let query = Asker::read(api, uri.query().unwrap_or_default())?;
    let app = world.tenant(&query.app, |tenant| tenant.app.clone()).ok_or_else(|| api.unknown_app())?;
    if let Some(code) = world.answer_with(path) {
        return Err(Refusal::new(code, "the sandbox was asked to answer this"));
    }
    if !world.is_within_rate(&app.id, path, per_second) {
        return Err(api.too_often());
    }
    query.prove(api, &app, world.now_s())?;
    if api == Api::V1 && !app.group_call_edition {
        return Err(Refusal::new(50_001, "the Group Call edition is required"));
    }
    let body = serde_json::from_slice::<Map<String, Value>>(body).map_err(|_| api.bad_body())?;
    let now_s = world.now_s();
    world.tenant(&app.id, |tenant| does.with(tenant, &body, now_s)).ok_or_else(|| api.unknown_app())?
}

impl Does {
    fn with(self, tenant: &mut Tenant, body: &Map<String, Value>, now_s: i64) -> Result<Value, Refusal> {
        match self {
            Self::Set(product) => configuration::set(tenant, product, body),
            Self::Update(product) => configuration::update(tenant, product, body),
            Self::Get(product) => configuration::get(tenant, product),
            Self::Delete(product) => configuration::delete(tenant, product),
            Self::SetToken => token::set(tenant, body),
            Self::GetToken => token::get(tenant),
            Self::DeleteToken => token::delete(tenant),
            Self::RecordV1 => records::one_v1(tenant, body, now_s),
            Self::RecordsV1 => records::page_v1(tenant, body, now_s),
            Self::Record => records::one(tenant, body, now_s),
            Self::Records => records::page(tenant, body, now_s),
        }
    }
}

/// Who asks: the query of a request.
struct Asker {
    app: String,
    identifier: String,
    usersig: String,
}

impl Asker {
    /// Reads the five parameters, each of which has to be there as documented.
    fn read(api: Api, query: &str) -> Result<Self, Refusal> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| {
            let value = pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            value.filter(|value| !value.is_empty())
        };
        let app = get("sdkappid").ok_or_else(|| api.no_app())?;
        let identifier = get("identifier").ok_or_else(|| api.no_account("identifier is missing"))?;
        let usersig = get("usersig").ok_or_else(|| api.no_account("usersig is missing"))?;
        if get("random").and_then(|random| random.parse::<u32>().ok()).is_none() {
            return Err(api.bad_address("random must be a number from 0 to 4294967295"));
        }
        if get("contenttype").as_deref() != Some("json") {
            return Err(api.bad_address("contenttype must be json"));
        }
        Ok(Self { app, identifier, usersig })
    }

    /// Whether the UserSig is this account's for this application, and the account is its administrator.
    fn prove(&self, api: Api, app: &SandboxApp, now_s: i64) -> Result<(), Refusal> {
        usersig::check(&self.usersig, &app.id, &app.key, &self.identifier, now_s).map_err(|fault| match fault {
            Fault::Expired => api.expired(),
            Fault::Other => api.other_account(self.is_of_another_app()),
            Fault::Unreadable | Fault::Wrong => api.wrong_sig(),
        })?;
        if self.identifier == app.administrator { Ok(()) } else { Err(api.no_administrator()) }
    }

    fn is_of_another_app(&self) -> bool {
        let fields = usersig::unfold(&self.usersig).unwrap_or_default();
        fields.get("TLS.sdkappid").map(Value::to_string).as_deref() != Some(&self.app)
    }
}
