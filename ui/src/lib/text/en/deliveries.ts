/** The words of the deliveries screen and of refused requests. */
import { count } from "./count";

export const deliveries = {
  columns: { received: "Received", verdict: "Verdict", family: "Family", command: "Command", about: "Call or room", app: "App", repeats: "Repeats", bytes: "Size" },
  emptyTitle: "No deliveries yet",
  empty: "Every request that reaches the callback address is kept here as it came, also when Calltrail does not understand it.",
  noneTitle: "No delivery fits these filters",
  none: "Try a longer period or fewer filters.",
  detail: "Delivery",
  gone: "This delivery is not in the record.",
  received: "Received",
  event: "Event time",
  remote: "Sent from",
  method: "Method",
  size: "Size",
  digest: "Digest",
  repeats: "Repeats",
  repeatsNone: "none",
  times: (n: number) => count(n, "time", "times"),
  query: "Query",
  headers: "Headers",
  body: "Body",
  asReceived: "As received",
  pretty: "Indented",
  notJson: "The body is not JSON.",
  emptyBody: "The request had no body.",
  call: "Call",
  room: "Room",
  quarantine: "In quarantine",
  quarantineHelp: "It was answered 403 and is not part of the record.",
  ours: "This app is ours",
  oursHelp: (app: string) => `Adds app ${app} and moves its waiting deliveries into the record.`,
  release: "Release",
  releaseHelp: "Moves only this delivery into the record.",
  released: (n: number) => `${count(n, "delivery was", "deliveries were")} moved into the record.`,
  notReleased: "It was no longer in quarantine.",
  refused: "Refused requests",
  refusedHelp: "Turned away before the record: wrong address, method, size or sender. Only counted; the last hundred since the start are listed.",
  refusedNone: "None since Calltrail started.",
  at: "At",
  from: "From",
  request: "Request",
  answer: "Answer",
  reason: "Why",
};

export const refusals = {
  unknown_path: "wrong address",
  method: "not a POST",
  browser: "sent by a web page",
  too_large: "too large",
  encoding: "compressed in a way that is not read",
  packing: "compressed and damaged",
  body_timeout: "too slow",
  body_broken: "broken off",
  not_http: "not HTTP",
  overload: "too many connections",
  not_stored: "could not be stored",
  fault: "internal error",
};

/** What was spoken instead of HTTP. */
export const protocols = { tls: "TLS (https)", proxy_protocol: "PROXY protocol", http2: "HTTP/2", ssh: "SSH", socks: "SOCKS" };

/** What to do about it. */
export const foreign = {
  tls: "Somebody speaks TLS (https) to this port, which speaks plain http. If it is your tunnel or proxy, enter http:// and not https:// as the address that it passes requests on to; TLS ends at the tunnel or proxy.",
  proxy_protocol: "Somebody sends the PROXY protocol before each request. It is not read here, because anybody could claim any address with it. Switch it off in your proxy or load balancer for this target (send_proxy, proxy_protocol).",
  http2: "Somebody speaks HTTP/2 without TLS (h2c) to this port, which speaks HTTP/1.1. Choose HTTP/1.1 in your tunnel or proxy for this target.",
  ssh: "Somebody speaks SSH to this port. If it is your tunnel, its remote end and its target are mixed up: it must pass requests on to this port, not log in here.",
  socks: "Somebody takes this port for a SOCKS proxy. It is none: requests are passed on to it as plain http.",
};
