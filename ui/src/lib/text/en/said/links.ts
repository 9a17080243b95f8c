/** What is known of each step from Tencent to the record, and of this computer's clock. */
import type { ClockWarning, LinkSays } from "../../../api/types";
import { say, type Sentences } from "../../said";
import { inWords } from "../count";
import { punctuation } from "../punctuation";
import { catalogue } from "./catalogue";
import { causes } from "./causes";
import { problems } from "./problems";
import { noAnswer, tencent } from "./tencent";

/** By Tencent's word for it. */
const tells: Readonly<Record<string, string>> = catalogue.tells;

const links: Sentences<LinkSays> = {
  listening: () => "Calltrail accepts callbacks on this computer.",
  nothing_came_in: () => "The port is open, but nothing has arrived since Calltrail started. Send a test.",
  port_closed: ({ problem }) => say(problems.port, problem),
  public_none: () => "Calltrail does not know yet under which address Tencent reaches this computer.",
  public_not_tried: () => "Calltrail has not tried it yet.",
  public_works: () => "What Calltrail sends to it arrives here.",
  public_callbacks: () => "Calltrail cannot try it from here, but callbacks arrive.",
  public_elsewhere: ({ status }) => `Something else answers there, with HTTP status ${status}. Callbacks that Tencent sends meanwhile do not arrive.`,
  public_silent: ({ why }) => `It does not answer (${say(noAnswer, why)}), though it did before. Callbacks that Tencent sends meanwhile do not arrive.`,
  public_unknown: ({ why }) =>
    `It does not answer this computer (${say(noAnswer, why)}). Some routers do not let a computer reach its own public address; Tencent may still reach it.`,
  drift: ({ app, product }) => `${catalogue.products[product].name} of ${app}: someone else changed what Tencent sends.`,
  not_read: ({ app, product, why }) => `${catalogue.products[product].name} of ${app}: ${say(tencent.problems, why)}`,
  address_ours: () => "Tencent has this computer's address.",
  address_other: ({ app, product }) => `${catalogue.products[product].name} of ${app}: Tencent has another address.`,
  address_none: () => "Tencent has no address yet. Choose callbacks and apply them.",
  no_key: () => "Calltrail cannot check with Tencent because it does not have the SDKSecretKey. Callbacks arrive without it.",
  no_app: () => "There is no app yet. Add one first.",
  not_asked: () => "Calltrail has not checked with Tencent yet.",
  after_address: () => "Known once the address is.",
  command_off: ({ app, product, command }) =>
    `${catalogue.products[product].name} of ${app}: ${command} is switched off. It reports: ${punctuation.quoted(tells[command] ?? "")}`,
  commands: ({ kinds }) => `Tencent sends ${kinds} kinds of callbacks here.`,
  no_callback: () => "No callback has arrived yet. Make a short call with your app to see one.",
  callbacks_in_future: () => "All callbacks are dated in the future: this computer's clock was ahead when they arrived, or is behind now.",
  callback_old: () => "The last callback is more than a week old. Make a short call with your app to see one.",
  callbacks: () => "Callbacks arrive.",
};

const TIMES = "Calls and rooms keep the times that their senders report; times of receipt, and anything without a time of its own, are wrong until then.";
type Told = { words: string; help: string };
const clock: Record<ClockWarning["source"], (seconds: number) => Told> = {
  signatures: (seconds) => ({
    words:
      seconds < 0
        ? `This computer's clock is ${inWords(seconds)} behind.`
        : `This computer's clock seems to be ${inWords(seconds)} ahead, or someone is sending old requests again.`,
    help: "Signed callbacks are turned away and wait in quarantine. Set the clock, then release them.",
  }),
  senders: (seconds) => ({
    words:
      seconds < 0
        ? `This computer's clock is about ${inWords(seconds)} behind: the last callbacks were sent later than it says.`
        : `This computer's clock seems to be about ${inWords(seconds)} ahead, or something held the last callbacks back for that long.`,
    help: seconds < 0 ? `Set it. ${TIMES}` : `Check it, and set it if it is wrong. ${TIMES}`,
  }),
  answers: (seconds) => ({
    words:
      seconds < 0
        ? `This computer's clock is about ${inWords(seconds)} behind Tencent's.`
        : `This computer's clock is about ${inWords(seconds)} ahead of Tencent's.`,
    help: "Set it: passwords and signatures depend on it.",
  }),
};

export const known = { links, clock, causes };
