/** The words of the deliveries screen and of refused requests. */
import { count, grouped } from "./count";

export const deliveries = {
  columns: {
    received: "Received",
    verdict: "Verdict",
    family: "Family",
    command: "Command",
    about: "Call or room",
    app: "App",
    repeats: "Repeats",
    bytes: "Size",
  },
  emptyTitle: "No deliveries yet",
  empty: "Every request that reaches the callback address is kept here exactly as received, even if Calltrail does not understand it.",
  noneTitle: "No deliveries match these filters",
  none: "Try a longer period or fewer filters.",
  detail: "Delivery",
  gone: "This delivery is not in the record.",
  received: "Received",
  event: "Event time",
  remote: "Sent from",
  size: "Size",
  digest: "Digest",
  repeats: "Repeats",
  repeatsNone: "none",
  times: (n: number) => count(n, "time", "times"),
  query: "Query",
  headers: "Headers",
  body: "Body",
  asReceived: "As received",
  pretty: "Formatted",
  notJson: "The body is not JSON.",
  emptyBody: "The request had no body.",
  call: "Call",
  room: "Room",
  quarantine: "In quarantine",
  quarantineHelp: "It was answered with error 403 and is not part of the record.",
  ours: "This app is ours",
  oursHelp: (app: string) => `Adds app ${app} and moves its waiting deliveries into the record.`,
  release: "Release",
  releaseHelp: "Moves only this delivery into the record.",
  released: (n: number) => `${count(n, "delivery was", "deliveries were")} moved into the record.`,
  notReleased: "It was no longer in quarantine.",
  passedOn: {
    title: "Passed on to",
    fates: { waiting: "waiting", taken: "delivered", given_up: "given up" },
    atOnce: "Delivered at the first attempt.",
    taken: (attempts: number, at: string) => `Delivered at attempt ${grouped(attempts)}, ${at}.`,
    notYet: "Not tried yet.",
    tried: (attempts: number, at: string) => `Tried ${count(attempts, "time", "times")}, last ${at}.`,
    answered: (why: string) => `The response was: ${why}.`,
    next: (at: string) => `Next attempt: ${at}.`,
    signedAnew: "Tencent's signature had expired by then, so Calltrail signed it again with the same token and said so in the header calltrail-signed-anew.",
    go: "Try again in Callbacks",
  },
  refused: "Refused requests",
  refusedHelp:
    "Refused before anything was recorded: wrong address, method, size or sender. They are only counted; the last hundred since Calltrail started are listed.",
  refusedNone: "None since Calltrail started.",
  at: "Time",
  from: "From",
  request: "Request",
  answer: "Response",
  reason: "Reason",
};

export const refusals = {
  unknown_path: "wrong address",
  method: "not a POST",
  browser: "sent by a web page",
  circle: "sent on by Calltrail itself",
  too_large: "too large",
  encoding: "unsupported compression",
  packing: "damaged compressed data",
  body_timeout: "too slow",
  body_broken: "incomplete",
  not_http: "not HTTP",
  overload: "too many connections",
  not_stored: "could not be stored",
  fault: "internal error",
};

/** What came instead of HTTP. */
export const protocols = { tls: "TLS (https)", proxy_protocol: "PROXY protocol", http2: "HTTP/2", ssh: "SSH", socks: "SOCKS" };

/** What to do about it. */
export const foreign = {
  tls: "Something is using TLS (https) on this port, which accepts plain http only. If it is your tunnel or proxy, use http:// instead of https:// in the address that it passes requests on to; TLS ends at the tunnel or proxy.",
  proxy_protocol:
    "Something is sending the PROXY protocol before each request. Calltrail does not accept it, because anyone could claim any address with it. Switch it off for this target in your proxy or load balancer (send_proxy, proxy_protocol).",
  http2: "Something is using HTTP/2 without TLS (h2c) on this port, which accepts HTTP/1.1 only. Choose HTTP/1.1 for this target in your tunnel or proxy.",
  ssh: "Something is using SSH on this port. If it is your tunnel, its remote end and its target are swapped: it must pass requests on to this port, not log in here.",
  socks: "Something is using this port as a SOCKS proxy, which it is not. Pass requests on to it as plain http.",
};
