/** Everything that Calltrail says in Simplified Chinese; the words are those of docs/chinese-terms.md. */
import type { en } from "../en";
import { apps } from "./apps";
import { callbacks } from "./callbacks";
import { calls } from "./calls";
import { connection, ways } from "./connection";
import { deliveries, foreign, protocols, refusals } from "./deliveries";
import { demo } from "./demo";
import { exports } from "./exports";
import { filter } from "./filter";
import { general } from "./general";
import { punctuation } from "./punctuation";
import { backups, condition, damage, review } from "./record";
import { rooms } from "./rooms";
import { settings } from "./settings";
import { signing } from "./signing";
import { start } from "./start";
import { times } from "./times";
import { words } from "./words";

export const zh: typeof en = {
  ...general,
  ...words,
  apps,
  backups,
  callbacks,
  calls,
  condition,
  connection,
  damage,
  deliveries,
  demo,
  exports,
  filter,
  foreign,
  protocols,
  punctuation,
  refusals,
  review,
  rooms,
  settings,
  signing,
  start,
  times,
  ways,
};
