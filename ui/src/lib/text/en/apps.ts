/** Words of the list of apps, its form, and their secrets. */
import type { RegionCode } from "../../api/types";

export const apps = {
  edit: "Edit",
  editLabel: (app: string) => `Edit ${app}`,
  close: "Close",
  form: (app: string) => `Details and secrets of ${app}`,
  label: "Name",
  region: "Region",
  regionByNumber: "Automatic, from the SDKAppID",
  regions: {
    china: "China",
    singapore: "Singapore",
    seoul: "Seoul",
    frankfurt: "Frankfurt",
    "silicon-valley": "Silicon Valley",
    jakarta: "Jakarta",
    tokyo: "Tokyo",
    mumbai: "Mumbai",
    "saudi-arabia": "Saudi Arabia",
  } satisfies Record<RegionCode, string>,
  regionOption: (name: string, host: string) => `${name} (${host})`,
  regionOther: "Another address…",
  regionHelp: "Where Tencent keeps this app. For most apps the SDKAppID tells; choose another region only if the console names one.",
  host: "Address",
  hostPlaceholder: "adminapisgp.im.qcloud.com",
  administrator: "Administrator",
  administratorDefault: "administrator",
  administratorHelp: "The account that Calltrail uses at Tencent. Leave it empty unless someone renamed it.",
  /** The line under an app's name. */
  at: (place: string) => `connects to Tencent in ${place}`,
  nowhere: (region: string) => `cannot connect to Tencent (unknown region ${region})`,
  as: (administrator: string) => `as ${administrator}`,
  secrets: "Secrets",
  secretsHelp:
    "Once saved, a secret is never shown again. It stays on this computer; only a Live token goes to Tencent, when you have it set there. Fields left empty change nothing.",
  states: { none: "not set", set: "set", unreadable: "cannot be read" },
  unreadableHelp: "It was saved, but cannot be read from where it is kept. Unlock your key store, or enter it again.",
  kinds: {
    secret_key: {
      name: "SDKSecretKey",
      why: "With it, Calltrail checks what is switched on at Tencent, and changes it for you.",
      where: "In the Tencent RTC console, under Applications, open your app: the key is next to the SDKAppID in the basic information.",
    },
    live_token: {
      name: "Live token",
      why: "Proves that callbacks of Live rooms come from Tencent; others are then turned away.",
      where:
        "The authentication token of your Live webhook: whoever set it up at Tencent (in the console under Live, Configuration, Live Webhook, or by set_callback_token) has it. No token there? Leave this empty.",
    },
    rtc_key: {
      name: "RTC callback key",
      why: "Proves that RTC Engine's room and media events come from Tencent; others are then turned away.",
      where:
        "In the Tencent RTC console, under Applications, your app, Callback Configuration: the callback key that was entered there. No key there? Leave this empty.",
    },
  },
  enterNew: "Enter it",
  replace: "Enter a new one to replace it",
  forget: "Forget",
  forgetLabel: (what: string) => `Forget the ${what}`,
  forgotten: (what: string) => `The ${what} was forgotten.`,
  save: "Save",
  saving: "Saving…",
  saved: "Saved.",
  doubtedKey: (length: number) =>
    `Check the SDKSecretKey: it has ${length} characters, but Tencent's have 64, each a digit or a letter from a to f. If part of it is missing or something extra was copied, Tencent will refuse what is signed with it.`,
  keptInStore: "The secrets are kept in the operating system's key store.",
  keptInFile: (file: string) => `The secrets are kept in a file that only this user can read: ${file}`,
  keptInFileUnnamed: "The secrets are kept in a file that only this user can read.",
};
