//! `callback/*`, `call_config/*`, `live_config/*` and `room_config/*`: what is sent where, with each product's own manners.

use serde_json::{Map, Value, json};

use super::{super::tenant::Tenant, envelope::Refusal};
use crate::tencent::{
    Configuration, Product,
    codes::{EXISTS, NOTHING, V1_NOTHING},
};

/// Sets what is sent. v1 and Call take the last word (pages 60134, 68938); Live and Room refuse when there is one (page 64420).
pub(super) fn set(tenant: &mut Tenant, product: Product, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let wanted = read(product, body)?;
    if matches!(product, Product::Live | Product::Room) && tenant.configurations.contains_key(&product) {
        return Err(Refusal::new(EXISTS, "callback config already exist"));
    }
    Ok(keep(tenant, product, wanted))
}

/// Changes what is sent; there has to be something to change (pages 60132, 64419).
pub(super) fn update(tenant: &mut Tenant, product: Product, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let wanted = read(product, body)?;
    if !tenant.configurations.contains_key(&product) {
        return Err(nothing(product));
    }
    Ok(keep(tenant, product, wanted))
}

/// What is sent. Page 60133 names no code for nothing; the common one of v1 is taken (page 60138).
pub(super) fn get(tenant: &Tenant, product: Product) -> Result<Value, Refusal> {
    let Configuration { url, actions } = tenant.configurations.get(&product).ok_or_else(|| nothing(product))?;
    Ok(match product {
        Product::CallV1 => json!({"actions": actions, "address": url}),
        _ => json!({"Url": url, "CallbackCommandList": actions}),
    })
}

/// Sends nothing any more. No page names a code for a configuration that was not there.
pub(super) fn delete(tenant: &mut Tenant, product: Product) -> Result<Value, Refusal> {
    tenant.configure(product, None);
    Ok(Value::Null)
}

fn keep(tenant: &mut Tenant, product: Product, wanted: Configuration) -> Value {
    // v1 repeats the address, v4 says nothing but that it worked.
    let answer = if product == Product::CallV1 { Value::from(wanted.url.as_str()) } else { Value::Null };
    tenant.configure(product, Some(wanted));
    answer
}

fn nothing(product: Product) -> Refusal {
    match product {
        Product::CallV1 => Refusal::new(V1_NOTHING, "no callback configured"),
        _ => Refusal::new(NOTHING, "callback config not exist"),
    }
}

fn read(product: Product, body: &Map<String, Value>) -> Result<Configuration, Refusal> {
    let (url_name, list_name) = match product {
        Product::CallV1 => ("address", "actions"),
        _ => ("Url", "CallbackCommandList"),
    };
    let url = match body.get(url_name) {
        Some(Value::String(url)) => url.clone(),
        Some(_) => return Err(wrong_type(product, url_name)),
        None => return Err(invalid(product, &format!("{url_name} is required"))),
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(invalid(product, &format!("{url_name} must start with http or https")));
    }
    let actions = match body.get(list_name) {
        Some(Value::Array(actions)) => actions,
        Some(_) => return Err(wrong_type(product, list_name)),
        None => return Err(invalid(product, &format!("{list_name} is required"))),
    };
    let words = actions.iter().map(|action| action.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>();
    let actions = words.ok_or_else(|| wrong_type(product, list_name))?;
    match actions.iter().find(|word| !belongs(product, word)) {
        Some(stranger) => Err(invalid(product, &format!("invalid command {stranger}"))),
        None => Ok(Configuration { url, actions }),
    }
}

/// Whether a word can be a command of a product, also one that is too new for any page.
fn belongs(product: Product, word: &str) -> bool {
    let prefixes: &[&str] = match product {
        Product::CallV1 => return !word.is_empty() && !word.contains('.'),
        Product::Call => &["Call."],
        Product::Live => &["Live.", "Mic.", "Follow.", "Group."],
        Product::Room => &["Room.", "Mic."],
    };
    prefixes.iter().any(|prefix| word.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("Callback")))
}

fn invalid(product: Product, info: &str) -> Refusal {
    Refusal::new(if product == Product::CallV1 { 70_001 } else { 100_002 }, info)
}

fn wrong_type(product: Product, name: &str) -> Refusal {
    Refusal::new(if product == Product::CallV1 { 70_009 } else { 100_002 }, &format!("{name} has the wrong type"))
}
