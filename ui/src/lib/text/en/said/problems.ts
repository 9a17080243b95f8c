/** What stood in the way of something that this window asked for. */
import type { ExportFailure, ForwardAnswer, PortClosed, RequestProblem, SecretFault } from "../../../api/types";
import { bytes } from "../../../format/duration";
import { clock } from "../../../format/time";
import { say, type Sentences } from "../../said";
import { apps } from "../apps";
import { grouped } from "../count";
import { causes } from "./causes";
import { rows, unmapped, unreadable } from "./contacts";
import { noAnswer } from "./tencent";

const COPY = "Copy it again from Tencent's console, and nothing else with it.";

const faults: Sentences<SecretFault> = {
  empty: () => `It is empty. ${COPY}`,
  control: () => `It contains line breaks or other control characters. ${COPY}`,
  letter: ({ at, of }) => `It contains a character that no secret has (character ${at} of ${of}). ${COPY}`,
  not_text: () => `It is not text. ${COPY}`,
  too_long: ({ most }) => `It is longer than ${grouped(most)} bytes. ${COPY}`,
  long: ({ length, most }) => `It has ${grouped(length)} characters; at most ${grouped(most)} are possible. ${COPY}`,
  sign: ({ at, of }) => `Character ${at} of ${of} is neither a letter nor a digit. ${COPY}`,
};

const KEEPS = "Calltrail keeps trying this address and never takes another, because it is the one that Tencent knows.";
const port: Sentences<PortClosed> = {
  port_taken: ({ address, port }) =>
    `No callbacks arrive: another program is using ${address}. Stop the program that uses port ${port} (perhaps another Calltrail). ${KEEPS}`,
  port_forbidden: ({ address }) =>
    `No callbacks arrive: this user is not allowed to open ${address}. Ports below 1024 need a permission; choose a higher one, and let a tunnel or proxy lead to it. ${KEEPS}`,
  address_missing: ({ ip }) =>
    `No callbacks arrive: this computer does not have the address ${ip} right now. Connect the network adapter that has it, or choose another address. ${KEEPS}`,
  paused: ({ until_ms }) => `No callbacks arrive: receiving is paused until ${clock(until_ms, false)}. It goes on by itself.`,
  port_not_opened: ({ address, why }) =>
    `No callbacks arrive: ${address} could not be opened (${why}). Choose another address if this does not go away. ${KEEPS}`,
};

const failures: Sentences<ExportFailure> = {
  no_room: () => "There is not enough room for the file. Free some space or choose another place, then export again.",
  not_written: ({ why }) => `The file could not be written: ${why}. Free some space or choose another place, then export again.`,
  not_a_file: ({ path }) => `${path} is not an ordinary file, so it was not replaced. Choose another name.`,
  target_not_written: ({ path, why }) => `${path} could not be written: ${why}. What was there before is unchanged.`,
  folder_gone: ({ folder }) => `The folder ${folder} is not there. Attach its disk, or make it again.`,
  not_whole: ({ missing }) => `The record is being rebuilt, and ${grouped(missing)} deliveries are still to come. Export again when that is done.`,
  not_read: ({ why }) => `The record could not be read: ${why}`,
  broken_off: () => "The export stopped because of an error in Calltrail. No file was written; please report it.",
};

const requests: Sentences<RequestProblem> = {
  address_unusable: ({ why }) => `This window sent a request that Calltrail could not read (${why}). Please report it.`,
  body_unusable: ({ why }) => `This window sent data that Calltrail could not read (${why}). Please report it.`,
  secrets_body_unusable: () => "This window sent secrets in a form that Calltrail could not read. Please report it.",
  page_size: ({ most, limit }) => `A page has 1 to ${grouped(most)} rows, not ${grouped(limit)}.`,
  cursor_unusable: () => "This place in the list does not exist. Start again at the top.",
  cursor_stale: () => "This place in the list no longer exists. Start again at the top.",
  number_too_large: ({ name, most }) => `The number “${name}” must not be larger than ${most}.`,
  filter_too_long: ({ most }) => `The filter must not be longer than ${grouped(most)} characters.`,
  filter_unknown_word: ({ name, words }) => `The filter “${name}” only has these values: ${words.join(", ")}.`,
  filter_unusable: ({ why }) => `The filter cannot be used: ${why}`,
  zone_unusable: ({ why }) => `The time zone cannot be used: ${why}`,
  digest_unusable: () => "A delivery's digest has 64 hexadecimal digits.",
  app_id_unusable: () => "An SDKAppID is a number that does not begin with 0, such as 1400000000. Tencent's console shows it next to the application's name.",
  app_text_unusable: () => "Name and administrator must be a single line each, of at most 100 characters.",
  secret_unusable: ({ secret, fault }) => `This cannot be the ${apps.kinds[secret].name}. ${say(faults, fault)}`,
  public_url_unusable: () => "The public address begins with https:// and a host name, and contains no question mark.",
  public_url_no_address: () => "The public address is not a web address.",
  other_protocol: () => "Calltrail does not speak this protocol.",
  column_unknown: ({ name }) => `There is no column “${name}” in this list.`,
  json_lines_whole: () => "JSON Lines of deliveries always contain every field. Choose another format to leave out columns.",
  contacts_unreadable: ({ why }) => say(unreadable, why),
  contacts_unmapped: ({ why }) => say(unmapped, why),
  contacts_too_many: ({ most, found }) =>
    `Nothing was imported: the file would change ${grouped(found)} values, and at most ${grouped(most)} can be imported at once. Split it.`,
  entries_are_lines: () => "What people have added can be exported as JSON Lines only.",
  field_unknown: ({ field }) => `Nothing was saved: this version of Calltrail does not know the field “${field}”.`,
  value_unusable: ({ field }) => `Nothing was saved: this value does not fit the field “${field}”.`,
  text_too_long: ({ most }) => `Nothing was saved: the text is longer than ${grouped(most)} bytes. Shorten it and try again.`,
  too_many: ({ most, found }) => `${grouped(found)} changes are too many at once; at most ${grouped(most)} are possible. Narrow the list first.`,
  no_access: () => "This page needs the key in the link that `calltrail serve` printed. Open that link again.",
  other_page: () => "The request came from another web page, so it was refused.",
  other_host: () => "Calltrail answers only to 127.0.0.1 and localhost. Open the address that it printed.",
  no_such_address: ({ path }) => `Calltrail has no address ${path}.`,
  no_such_file: () => "There is no such file.",
  no_such_delivery: () => "This delivery is not in the record.",
  no_such_call: () => "This call is not in the record.",
  no_such_case: () => "This call is not a missed call to follow up.",
  no_such_person: () => "Nobody with this ID was ever in a call or a room.",
  no_such_note: () => "This note no longer exists.",
  no_such_room: () => "This room is not in the record.",
  forward_not_web: () => "Enter an address that begins with https:// or http://.",
  forward_leads_back: () => "This address leads back to Calltrail, so callbacks would go in a circle. Enter the address of your other backend.",
  forward_private: () => "This address is on this computer or in your own network. If that is what you mean, tick the box and add it again.",
  no_such_forward: () => "This address is no longer in the list.",
  forward_unavailable: () =>
    "Calltrail cannot remember what goes on to other addresses (forward.db); its log says why. Callbacks are received and recorded all the same.",
  schedule_name_unusable: () => "The name is one line of 1 to 200 characters.",
  schedule_time_unusable: () => "Enter the time like 07:00.",
  schedule_folder_not_whole: () => "Enter the folder as a whole, for example /home/anna/Reports or C:\\Reports.",
  schedule_no_folder: ({ folder }) => `There is no folder ${folder}. Make it first, or choose another one.`,
  schedule_file_name_unusable: () =>
    "Files cannot be called so. Leave out slashes, colons, question marks and quotes; only {from}, {to} and {list} stand in braces.",
  schedule_same_files: ({ name }) => `${name} writes files of these names into this folder. Choose other names or another folder.`,
  report_of_no_calls: () => "A report is of calls.",
  schedule_keep_unusable: ({ most }) => `1 to ${grouped(most)} files can be kept.`,
  no_such_schedule: () => "This scheduled export no longer exists.",
  schedules_unavailable: () =>
    "Calltrail cannot read its list of scheduled exports (schedules.json); its log says why. Callbacks are received and recorded all the same.",
  link_name_unusable: () => "The name is one line of 1 to 200 characters.",
  link_port_unusable: () => "Enter a port from 1024 to 65535.",
  link_port_ours: ({ port }) => `Calltrail itself uses port ${String(port)}. Enter another one.`,
  no_such_link: () => "This link no longer exists.",
  links_unavailable: () => "Calltrail cannot read its list of links (links.json); its log says why. Callbacks are received and recorded all the same.",
  no_such_backup: () => "This backup no longer exists.",
  no_such_export: () => "This export no longer exists.",
  no_such_download: () => "There is no such export.",
  method_unusable: ({ method }) => `${method} cannot be used at this address.`,
  pages_are_read: () => "Pages can only be read.",
  no_desktop: () => "This is not Calltrail's own window, so there is nothing to change here.",
  start_at_login_not_kept: ({ why }) => `Whether Calltrail starts at login could not be changed: ${why}`,
  file_not_shown: ({ why }) => `The file could not be shown: ${why} It is where you saved it.`,
  no_save_dialog: () => "There is no save dialog here. Download the file instead.",
  downloads_busy: ({ most }) => `${most} downloads are already running. Try again when one of them is done.`,
  backup_busy: () => "A backup is already being made or restored. Wait until that is done.",
  review_busy: () => "Reprocessing is already running. Wait until it is done.",
  test_unanswered: ({ why }) => `The test was sent to this computer, but Calltrail's listener did not answer it: ${why}.`,
  test_not_back: ({ why }) =>
    `The test did not come back through the public address: ${why}. Check the tunnel or proxy, and that the address is still the one it shows.`,
  not_listening: ({ why }) => (why ? say(port, why) : "Calltrail is not listening right now. Try again in a moment."),
  no_public_url: () => "There is no public address yet. Enter the one that leads to this computer first.",
  ending: () => "Calltrail is closing.",
  ending_without_backup: () => "Calltrail is closing, so no backup was made.",
  rebuilding: ({ missing }) =>
    `The record is being rebuilt after an upgrade, and ${grouped(missing)} deliveries are still to come. Nothing is lost; try again when that is done.`,
  no_room: ({ wanted, free }) =>
    `There is not enough room for a backup: it needs ${bytes(wanted)}, and ${bytes(free)} are free. Nothing was written, so that callbacks can still be stored.`,
  backup_failed: () => "The backup could not be made, or did not pass its check. The record itself was not touched. Calltrail's log has the details.",
  restore_failed: () =>
    "The backup could not be restored completely. Nothing in the record was lost, and it can be tried again. Calltrail's log has the details.",
  backup_newer: () => "The backup was made by a newer version of Calltrail. Nothing was changed; use the newer version.",
  secret_not_kept: ({ why }) => `A secret could not be changed. ${why}`,
  settings_not_kept: ({ why }) => `The settings could not be saved, and nothing was changed. ${why}`,
  not_saved: ({ cause }) =>
    `This was not saved: ${cause === "other" ? "Calltrail's log says why." : causes[cause]} What was saved before is untouched. Try again when that is put right.`,
  demo_failed: ({ why }) => `The sample data could not be shown or removed: ${why}`,
  internal: () => "Something went wrong inside Calltrail. The record is not affected; Calltrail's log has the details.",
};

/** What another address answered to a callback that was sent on. */
const forward: Sentences<ForwardAnswer> = {
  taken: () => "it was taken",
  status: ({ status }) => `HTTP status ${status}`,
  nothing: ({ why }) => `no answer (${say(noAnswer, why)})`,
  leads_back: () => "it leads back to Calltrail",
  unreadable: () => "the callback can no longer be read",
};

export const problems = { requests, port, failures, forward, rows };
