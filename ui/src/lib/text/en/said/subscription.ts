/** What is said before a change at Tencent, and why one was not made. */
import type { Notice, SubscriptionError } from "../../../api/types";
import { say, type Sentences } from "../../said";
import { punctuation } from "../punctuation";
import { tencent } from "./tencent";

const asks = (commands: string[]) => (commands.length === 1 ? "asks" : "ask");

const notices: Sentences<Notice> = {
  not_web: () => "The address must begin with http:// or https:// and name a host; Tencent refuses anything else.",
  private_address: () =>
    "This is a private address. Tencent cannot reach it, so no callback would arrive. Enter the public address that leads to this computer.",
  not_ours: () => "The address does not end with this computer's secret, so Calltrail would not accept what is sent to it. Check it letter by letter.",
  http_only: () => "With http://, anyone on the way can read the callbacks. An address with https:// is better.",
  no_public_url: () => "The public address of this computer is missing. Enter the one that Tencent can reach first.",
  nothing_changes: () => "Tencent already has exactly this.",
  no_command: () => "No callback is chosen. Choose some, or stop sending altogether.",
  unknown_command: ({ commands }) =>
    `Tencent's documentation does not have ${punctuation.all(commands)} for this product; Tencent may refuse the whole change.`,
  drops_unknown: ({ commands }) =>
    `This would switch off ${punctuation.all(commands)}. Tencent's documentation does not have it for this product; someone may have switched it on for a reason.`,
  moderation: ({ commands, stops }) =>
    stops
      ? `Another program decides what is allowed now (${punctuation.all(commands)}). After this change it is no longer asked: moderation stops, because Calltrail allows everything.`
      : `${punctuation.all(commands)} ${asks(commands)} for permission, and users of your app wait for the answer. Calltrail allows everything immediately; while this computer is off, users wait 2 seconds, and gifts are refused.`,
  other_url: ({ url }) => `Tencent now sends these callbacks to another address: ${url}. Nothing would be sent there any more.`,
};

const problems: Sentences<SubscriptionError> = {
  ...tencent.problems,
  no_such_app: ({ app }) => `${app} is not one of your apps. Add it first.`,
  no_secret_key: ({ app }) =>
    `Calltrail needs the SDKSecretKey of ${app} to check with Tencent. Copy it from Tencent's console, next to the SDKAppID, and enter it in Settings.`,
  callbacks_settings: ({ why }) => `The settings cannot be read. ${why}`,
  callbacks_secrets: ({ why }) => `The secrets cannot be read. ${why}`,
  changed_at_tencent: () => "Someone changed this at Tencent in the meantime, so nothing was applied. Check again and look at the difference.",
  plan_stopped: ({ notice }) => `${say(notices, notice)} Nothing was changed.`,
  plan_not_agreed: (said) =>
    `${punctuation.sentences(...said.notices.map((notice) => say(notices, notice)))} Nothing was changed: this has to be confirmed first.`,
  not_signing: () =>
    "Tencent accepted the token of Live callbacks, but shows a different one when asked again. Nothing was changed here, and callbacks are accepted as before. Wait a moment, then switch signing on again.",
  signed_unchecked: ({ why }) =>
    `Tencent signs Live callbacks now, but the token could not be saved here, so callbacks are accepted unchecked. ${why} Then switch signing on again; Calltrail uses the token that Tencent has.`,
  still_signed: ({ why }) =>
    punctuation.sentences(
      "Calltrail no longer checks the signatures of Live callbacks, but Tencent may still be signing them.",
      why ? say(tencent.problems, why) : "Tencent accepted the change, but still shows the token.",
      "No callback is lost: signed ones are accepted too. Try to stop signing again later.",
    ),
  no_such_change: ({ change }) => `This product's history has no change number ${change}.`,
  history_unusable: ({ path, why }) =>
    `The history of changes cannot be read or written: ${path} (${why}). Without it, a change could not be undone, so nothing was changed. Check that the folder belongs to you and has room.`,
};

export const subscription = { notices, problems };
