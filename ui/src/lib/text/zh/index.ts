/** Everything that Calltrail says in Simplified Chinese; the words are those of docs/chinese-terms.md. */
import type { en } from "../en";
import { apps } from "./apps";
import { callbacks } from "./callbacks";
import { calls } from "./calls";
import { columns } from "./columns";
import { completeness } from "./completeness";
import { connection, ways } from "./connection";
import { contacts } from "./contacts";
import { deliveries, foreign, protocols, refusals } from "./deliveries";
import { demo } from "./demo";
import { exports } from "./exports";
import { filter } from "./filter";
import { followUp } from "./followup";
import { general } from "./general";
import { notes } from "./notes";
import { overview } from "./overview";
import { me, people, selection, undo } from "./people";
import { punctuation } from "./punctuation";
import { backups, condition, damage, review } from "./record";
import { report } from "./report";
import { rooms } from "./rooms";
import { known } from "./said/links";
import { problems } from "./said/problems";
import { reasons } from "./said/reasons";
import { catalogue } from "./said/catalogue";
import { subscription } from "./said/subscription";
import { tencent } from "./said/tencent";
import { links } from "./links";
import { schedules } from "./schedules";
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
  catalogue,
  columns,
  completeness,
  condition,
  connection,
  contacts,
  damage,
  deliveries,
  demo,
  exports,
  filter,
  followUp,
  foreign,
  known,
  me,
  notes,
  overview,
  people,
  problems,
  protocols,
  punctuation,
  reasons,
  refusals,
  review,
  report,
  rooms,
  selection,
  schedules,
  links,
  settings,
  signing,
  start,
  subscription,
  tencent,
  times,
  undo,
  ways,
};
