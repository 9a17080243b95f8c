//! What a request to `calltrail serve` must bring along: the right host, no foreign page behind it, and the key.
//!
//! Each check answers an attack. `Host`: a foreign name that resolves to this machine (DNS rebinding). `Origin` and
//! `Sec-Fetch-Site`: a page of another site, or of another port of this machine, that makes the browser send requests with our
//! cookie. The key: other users and programs of this machine. No CORS header is ever sent.
//!
//! The door for commands is narrower: no page has any business there, so whatever a browser sends of itself is refused, and no
//! cookie is given or taken. That for links leads to these alone, each of which has its key in its address.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{Request, State as In},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{Html, IntoResponse as _, Response},
};

use super::AccessKey;
use crate::api::{error::Error, headers, no_such_address, problem::Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a browser shows to somebody without the key.
const NO_KEY: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Calltrail</title>
<h1>Please open the address that Calltrail printed</h1>
<p>This page shows a call record, so it is open only to whoever started Calltrail. The address that <code>calltrail serve</code>
printed when it started ends in <code>/?key=</code> and a long number. Open it once in this browser.</p>
<p>The key is another one after each start.</p>
</html>
";

struct Door {
    key: AccessKey,
    /// The cookie's name. The port is part of it, because cookies are shared between the ports of one host.
    cookie: String,
    hosts: Hosts,
}

impl Door {
    fn new(key: AccessKey, address: SocketAddr) -> Self {
        Self { key, cookie: format!("calltrail_{}", address.port()), hosts: Hosts::of(address) }
    }
}

/// What `Host` may be, in lower case: the loopback names and the bound address, each with the port.
struct Hosts(Vec<String>);

impl Hosts {
    fn of(address: SocketAddr) -> Self {
        let port = address.port();
        let names = ["localhost", "127.0.0.1", "[::1]"];
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        hosts.push(address.to_string());
        if port == 80 {
            // Browsers leave the usual port out.
            hosts.extend(names.map(str::to_owned));
        }
        Self(hosts)
    }

    fn is_own(&self, host: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(host))
    }
}

/// The router behind the door that listens at `address`.
pub fn guarded(router: Router, key: AccessKey, address: SocketAddr) -> Router {
    let door = Arc::new(Door::new(key, address));
    router.layer(middleware::from_fn_with_state(door, pass)).layer(middleware::map_response(headers::harden))
}

/// The router behind the door for commands that listens at `address`.
pub fn guarded_for_commands(router: Router, key: AccessKey, address: SocketAddr) -> Router {
    let door = Arc::new(Door::new(key, address));
    router.layer(middleware::from_fn_with_state(door, pass_command)).layer(middleware::map_response(headers::harden))
}

/// The router behind the door for links that listens at `address`.
pub fn guarded_for_links(router: Router, address: SocketAddr) -> Router {
    let hosts = Arc::new(Hosts::of(address));
    router.layer(middleware::from_fn_with_state(hosts, pass_link)).layer(middleware::map_response(headers::harden))
}

async fn pass(In(door): In<Arc<Door>>, request: Request, next: Next) -> Response {
    pass_unless(at_the_door(&door, &request), request, next).await
}

async fn pass_command(In(door): In<Arc<Door>>, request: Request, next: Next) -> Response {
    pass_unless(at_the_door_for_commands(&door, &request), request, next).await
}

async fn pass_link(In(hosts): In<Arc<Hosts>>, request: Request, next: Next) -> Response {
    pass_unless(at_the_door_for_links(&hosts, &request), request, next).await
}

async fn pass_unless(refusal: Option<Response>, request: Request, next: Next) -> Response {
    let Some(mut answer) = refusal else { return next.run(request).await };
    // Whoever is not let in gets one answer on a connection: there is nothing here to hold on to, or to flood.
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// What a request is answered that is not let in: a refusal, or the cookie for the key.
fn at_the_door(door: &Door, request: &Request) -> Option<Response> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if let Err(error) = own_host(&door.hosts, uri, headers).and_then(|host| own_page(method, uri, headers, host)) {
        return Some(error.into_response());
    }
    if let (&Method::GET, "/", Some(key)) = (method, uri.path(), given_in(uri)) {
        return Some(if door.key.is(&key) { welcome(door) } else { no_key(uri, headers) });
    }
    let is_let_in = given(headers, &door.cookie).any(|key| door.key.is(key));
    (!is_let_in).then(|| no_key(uri, headers))
}

/// The same for a command.
fn at_the_door_for_commands(door: &Door, request: &Request) -> Option<Response> {
    let (uri, headers) = (request.uri(), request.headers());
    if let Err(error) = own_host(&door.hosts, uri, headers).and_then(|_| no_browser(headers)) {
        return Some(error.into_response());
    }
    // One of them: two would be for somebody who reads another one than we do.
    let given = single(headers, header::AUTHORIZATION).ok().flatten().and_then(bearer);
    (!given.is_some_and(|key| door.key.is(key))).then(|| no_key(uri, headers))
}

/// The same for whoever follows a link: a spreadsheet, or a person who tries the address in a browser. Which key opens what is not
/// decided here, but there is nothing else to be reached.
fn at_the_door_for_links(hosts: &Hosts, request: &Request) -> Option<Response> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let checked = own_host(hosts, uri, headers).and_then(|_| no_page(headers)).and_then(|()| {
        if !is_link(uri.path()) {
            return Err(no_such_address(uri));
        }
        let reads = matches!(*method, Method::GET | Method::HEAD);
        if reads { Ok(()) } else { Err(Problem::MethodUnusable { method: method.to_string() }.into()) }
    });
    checked.err().map(Error::into_response)
}

/// `/links/{key}/{file}`, and nothing around it.
fn is_link(path: &str) -> bool {
    let parts = path.strip_prefix("/links/").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(key, file)| !key.is_empty() && !file.is_empty() && !file.contains('/'))
}

/// No page may be behind the request, but a person may have typed the address.
fn no_page(headers: &HeaderMap) -> Result<(), Error> {
    let typed = single(headers, SEC_FETCH_SITE).is_ok_and(|site| matches!(site, None | Some("none")));
    if headers.contains_key(header::ORIGIN) || !typed {
        return Err(Problem::OtherPage.into());
    }
    no_upgrade(headers)
}

/// Nothing of a browser may be behind the request, not even a page of ours.
fn no_browser(headers: &HeaderMap) -> Result<(), Error> {
    let is_browsers =
        |name: &HeaderName| matches!(*name, header::ORIGIN | header::COOKIE) || name.as_str().starts_with("sec-fetch-");
    if headers.keys().any(is_browsers) {
        return Err(Problem::OtherPage.into());
    }
    no_upgrade(headers)
}

/// The one host that the request names, if it is this machine by one of its own names and our port.
fn own_host<'a>(hosts: &Hosts, uri: &Uri, headers: &'a HeaderMap) -> Result<&'a str, Error> {
    let same_in_uri = uri.authority().is_none_or(|authority| hosts.is_own(authority.as_str()));
    match single(headers, header::HOST) {
        Ok(Some(host)) if hosts.is_own(host) && same_in_uri => Ok(host),
        _ => Err(Problem::OtherHost.into()),
    }
}

/// No other page may be behind the request.
fn own_page(method: &Method, uri: &Uri, headers: &HeaderMap, host: &str) -> Result<(), Error> {
    let foreign = || Error::from(Problem::OtherPage);
    match single(headers, header::ORIGIN).map_err(|()| foreign())? {
        Some(origin) if origin.strip_prefix("http://") != Some(host) => return Err(foreign()),
        _ => {}
    }
    // A person may follow a link to a page of ours, and without the cookie (which is strict) sees nothing there; a page may not
    // ask for data or change any.
    let a_visit = method == Method::GET && !uri.path().starts_with("/api/");
    match single(headers, SEC_FETCH_SITE).map_err(|()| foreign())? {
        None | Some("same-origin" | "none") => {}
        Some(_) if a_visit => {}
        Some(_) => return Err(foreign()),
    }
    no_upgrade(headers)
}

/// Nothing here speaks another protocol; what asks for one is no page of ours, and no command.
fn no_upgrade(headers: &HeaderMap) -> Result<(), Error> {
    if headers.contains_key(header::UPGRADE) { Err(Problem::OtherProtocol.into()) } else { Ok(()) }
}

/// A header that may be there once: its text, nothing, or an error for two of them or bytes that are no text.
fn single(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// The key in the address, as it was printed.
fn given_in(uri: &Uri) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.find_map(|(name, value)| (name == "key").then(|| value.into_owned()))
}

/// The keys in the cookies (browsers) and in `Authorization: Bearer` (scripts).
fn given<'a>(headers: &'a HeaderMap, cookie: &'a str) -> impl Iterator<Item = &'a str> {
    let text = |name| headers.get_all(name).into_iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    let cookies = text(header::COOKIE)
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter_map(move |(name, value)| (name == cookie).then_some(value));
    cookies.chain(text(header::AUTHORIZATION).filter_map(bearer))
}

/// The key in an `Authorization` header.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

/// Leaves the cookie behind and takes the key out of the address bar.
fn welcome(door: &Door) -> Response {
    let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", door.cookie, door.key.reveal());
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, cookie)]).into_response()
}

fn no_key(uri: &Uri, headers: &HeaderMap) -> Response {
    let wants_a_page = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    let how = [(header::WWW_AUTHENTICATE, "Bearer")];
    if wants_a_page && !uri.path().starts_with("/api/") {
        return (StatusCode::UNAUTHORIZED, how, Html(NO_KEY)).into_response();
    }
    (how, Error::from(Problem::NoAccess)).into_response()
}
