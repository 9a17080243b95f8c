/** Why a request to Tencent did not work: what happened, and what to do about it. */
import type { NoAnswer, OddAnswer, TencentAdvice, TencentError, TencentWhat } from "../../../api/types";
import { inTurn, say, type Sentences } from "../../said";
import { punctuation } from "../punctuation";

const what: Record<TencentWhat, string> = {
  nothing_configured: "No callback is configured for this app.",
  no_group_call: "This app does not have the Group Call edition. Without it, Tencent sends no callbacks for the older client.",
  address_refused: "Tencent does not accept a parameter; with callbacks, that is an address that does not begin with http:// or https://.",
  password_refused: "Tencent does not accept the password made from the SDKSecretKey.",
  account_or_password_refused: "Tencent does not accept the account, or the password made from the SDKSecretKey.",
  password_expired: "The password made from the SDKSecretKey has expired.",
  no_password: "The request has no password.",
  other_account: "The password was made for a different account.",
  other_app: "The password was made for a different SDKAppID.",
  wrong_key: "Tencent does not accept the password: the SDKSecretKey does not belong to this SDKAppID.",
  no_key: "The app has no key at Tencent.",
  too_many_wrong_passwords: "Tencent received a wrong password too many times, and makes this app wait.",
  not_administrator: "The account that Calltrail uses is not an administrator of this app.",
  no_account: "The account that Calltrail uses does not exist.",
  not_allowed: "The account that Calltrail uses is not allowed to do this.",
  too_often: "Tencent received too many requests.",
  own_fault: "Tencent's service had an internal error.",
  own_timeout: "Tencent's service did not respond in time.",
  request_unreadable: "Tencent could not read the request.",
  parameter_refused: "Tencent does not accept a parameter of the request.",
  no_such_request: "Tencent does not know this request at this address.",
  no_such_app_here: "Tencent does not know this SDKAppID at this address.",
  no_such_app_in_region: "Tencent does not know this SDKAppID in this region.",
  app_disabled: "Tencent has disabled this app.",
  request_disabled: "Tencent has disabled this request for the app.",
  package_expired: "The app's package has expired.",
  address_not_allowed: "Tencent does not accept requests for this app from this computer's address.",
  address_or_callback_refused: "Tencent does not accept the address or one of the callbacks.",
  configuration_exists: "A callback configuration already exists.",
  no_token: "No callback token is set at Tencent.",
  room_exists: "The room already exists.",
  no_room: "The room does not exist, or has ended.",
  room_full: "The room is full.",
  not_in_room: "The user is not in the room.",
  banned: "The user is banned or muted in the room.",
  no_call: "The call does not exist, or has ended.",
  no_record: "Tencent has no record of this call. It keeps records for 7 days, from about 5 seconds after a call ends.",
  reply_passed_on: "The reply to a callback that asks for permission was passed on to the user.",
  unexplained: "Tencent answered with an error code that its documentation does not explain.",
};

const advice: Record<TencentAdvice, string> = {
  enter_key: "Enter the SDKSecretKey of this SDKAppID again, exactly as Tencent's console shows it.",
  enter_key_and_wait: "Enter the right SDKSecretKey, wait a few minutes, and try again.",
  make_key: "Create a key in Tencent's console and enter it here.",
  check_clock: "Check that this computer's clock is right, then try again. If it is, enter the SDKSecretKey again.",
  enter_administrator: "Enter an administrator of this app; Tencent creates one named “administrator”.",
  check_region: "Check the SDKAppID, and choose the region in which the app was created.",
  try_later: "Try again in a few minutes. If it keeps happening, contact Tencent's support.",
  wait_a_minute: "Wait a minute and try again. Another program may be sending requests for this app too.",
  try_when_ended: "If the call has only just ended, try again in a minute.",
  report: "Nothing was changed. This is most likely a bug in Calltrail; please report it with this code.",
  buy_package: "Buy or renew the package in Tencent's console, or start a trial, then try again.",
  look_at_app: "Look at the app in Tencent's console; it may be suspended, or a payment may be due.",
  ask_support: "Ask Tencent's support to allow it, or set the callbacks in Tencent's console.",
  allow_address: "Add this network's public address to the app's IP allowlist in Tencent's console.",
  check_address: "Check the public address in Settings and apply again.",
  check_address_and_callbacks:
    "Check the public address in Settings. If it is right, one of the callbacks may not exist in this region: switch off the ones that you chose last, and try again.",
  choose_callbacks: "Choose callbacks and apply them.",
  read_again: "Check what Tencent has now, look at the difference, and apply again.",
  set_token: "Set one, or leave the Live token empty here.",
  switch_permission_off: "Switch off the callbacks that ask for permission (Before…), unless another program answers them.",
  larger_package: "There is nothing to do here; a larger package allows larger rooms.",
  room_stays: "There is nothing to do. What was recorded of the room stays.",
  call_stays: "There is nothing to do. What was recorded of the call stays.",
  nothing: "There is nothing to do here.",
};

/** Why a request got no answer. */
export const noAnswer: Sentences<NoAnswer> = {
  in_time: () => "no answer came in time",
  refused: () => "the connection was refused",
  no_such_name: () => "the host's name could not be looked up",
  other: ({ said }) => said,
  failed: () => "the connection failed",
};

const oddAnswer: Sentences<OddAnswer> = {
  http_status: ({ status }) => `HTTP status ${status}`,
  too_long: () => "the answer is far too long",
  not_json: () => "the answer is not JSON",
  not_object: () => "the answer is not a JSON object",
  no_error_code: () => "the answer has no error code",
};

/** What happened. */
const happened: Sentences<TencentError> = {
  tencent_region: ({ region }) => `“${region}” is neither a region nor an address of Tencent's API.`,
  tencent_no_connections: ({ why }) => `This computer cannot make secure connections (${why}).`,
  tencent_unreachable: ({ host, why }) => `Tencent's API at ${host} could not be reached: ${say(noAnswer, why)}.`,
  tencent_not_tencent: ({ host, why }) => `${host} answered, but not as Tencent's API does: ${say(oddAnswer, why)}.`,
  tencent_refused: (said) => what[said.what],
};

/** What to do. */
const remedies: Sentences<TencentError> = {
  tencent_region: () => "Choose a region, or enter a host name such as adminapisgp.im.qcloud.com (with https; plain http works on this computer only).",
  tencent_no_connections: () => "Check the certificates of this computer, and try again.",
  tencent_unreachable: () => "As far as is known, nothing was changed there. Check the internet connection and the app's region, and try again.",
  tencent_not_tencent: () => "Check the app's region or address.",
  tencent_refused: (said) => advice[said.advice],
};

/** Tencent's error code, with its own words where it has any. */
const errorCode = (code: number, info: string) => (info === "" ? `Tencent error ${code}` : `Tencent error ${code}: “${info}”`);

const problems: Sentences<TencentError> = {
  ...inTurn(happened, remedies, punctuation.sentences),
  tencent_refused: (said) => `${what[said.what]} ${advice[said.advice]} (${errorCode(said.tencent_code, said.info)})`,
};

export const tencent = { happened, remedies, problems, errorCode };
