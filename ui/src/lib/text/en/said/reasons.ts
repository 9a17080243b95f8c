/** Why a delivery says no more than it does. */
import type { Defect, Reason } from "../../../api/types";
import type { Sentences } from "../../said";
import { apps } from "../apps";
import { inWords } from "../count";

const defects: Record<Defect, string> = {
  punctuation: "comments or commas had to be repaired",
  utf16: "it was sent as UTF-16 instead of UTF-8",
  bytes: "bytes that are not UTF-8 text were replaced with \u{fffd}",
  surrogate: "half a character (a lone surrogate) was replaced with \u{fffd}",
  control: "line breaks or other control characters inside a text were not escaped and are taken as they are",
  escape: "a backslash that begins no escape is taken as it is",
  padding: "bytes that are not text, between or after the values, were left out",
  depth: "values nested more than 64 levels deep were left out",
  number: "numbers too large for any computer are taken as they are written",
};
/** What JSON allows. */
const VALID: readonly Defect[] = ["depth", "number"];

export const reasons: Sentences<Reason> = {
  no_body: () => "The request has no body: this is how Tencent checks an address.",
  not_an_object: () => "The body is valid JSON, but not an object.",
  not_text: ({ byte }) => `The body is not UTF-8 text (from byte ${byte} on).`,
  not_json: ({ why }) => `The body is not JSON: ${why}.`,
  repaired: ({ defects: found }) => {
    const told = found.map((defect) => defects[defect]).join("; ");
    return found.every((defect) => VALID.includes(defect)) ? `The body is valid JSON, but ${told}.` : `The body was not valid JSON: ${told}.`;
  },
  reading_failed: () => "An error in Calltrail stopped the reading of this body. The delivery is kept; please report it.",
  deriving_failed: () => "Calltrail could not process it because of an internal error. It is kept, and tried again at the next rebuild.",
  test: () => "Calltrail's own test callback.",
  chat: () => "A callback of Tencent's Chat. The record holds calls and rooms.",
  battle: () => "A battle between live rooms. The record holds rooms and who was in them, not battles.",
  room_quota: () => "A warning that the quota of rooms is nearly used up. It is about no room in particular.",
  gift: () => "A gift was about to be sent and was allowed. The record holds no gifts.",
  follow: () => "A user followed or unfollowed another. The record holds calls and rooms.",
  message: () => "A message in a room. The record holds no messages.",
  screenshot: () => "A screenshot of a video. The record holds rooms and who was in them.",
  rtc_group: ({ group }) => `An RTC Engine event of group ${group}. The record holds rooms and who was in them.`,
  unknown_command: ({ command }) => `Calltrail does not know the command ${command}. The delivery is kept.`,
  unknown_product: () => "Nothing in the request says which product sent it. The delivery is kept.",
  lacks: ({ field }) => `The body has no ${field}, so there is no telling which call or room it is about.`,
  record_without_call: () => "The fetched record names no call.",
  no_app: () => "The request names no app (SDKAppID), so there is no telling whose call it is.",
  foreign_app: ({ app }) => `App ${app} is not one of yours. Add it, and this delivery joins the record.`,
  app_conflict: ({ apps: named }) => `The request names several apps: ${named.join(", ")}. There is no telling whose it is.`,
  not_signed: ({ app, secret }) =>
    `It is not signed, although a ${apps.kinds[secret].name} is set for app ${app}. Either it did not come from Tencent, or signing is off at Tencent: set the same ${apps.kinds[secret].name} there, or remove it here.`,
  bad_signature: ({ app, secret }) =>
    `The signature does not match the ${apps.kinds[secret].name} that is set for app ${app}. Either it did not come from Tencent, or Tencent has a different ${apps.kinds[secret].name}: compare the two. If you know that it is genuine, release it.`,
  signer_unreadable: ({ app, secret }) =>
    `The ${apps.kinds[secret].name} of app ${app} is set but cannot be read, so there is no telling whether this delivery is genuine. Unlock the key store and restart Calltrail, or enter the ${apps.kinds[secret].name} again; then release it.`,
  signed_later: ({ seconds }) =>
    `The signature is right, but was made ${inWords(seconds)} after this computer's clock says it is now. This computer's clock must be behind: set it, and release this delivery.`,
  signed_earlier: ({ seconds, most }) =>
    `The signature is right, but was made ${inWords(seconds)} before it arrived, and no more than ${inWords(most)} are accepted. Either someone sent an old request again, or this computer's clock is ahead. If it is, set it, and release this delivery.`,
  sentence: ({ text }) => text,
};
