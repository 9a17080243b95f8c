import type { OfDetail } from "./people";
import type { components } from "./schema";

export type { Contact, Edit, EntryRow, Me, NoteRow, PersonDetail, PersonRow, Subject, TagChange, TagRow, TeamRow } from "./people";

/** The shapes that the API answers, under their own names. They are generated from the OpenAPI document: `npm run types`. */
type Schemas = components["schemas"];

export type App = Schemas["App"];
export type Brought = Schemas["Brought"];
export type Applied = Schemas["Applied"];
export type CallDetailRow = Omit<Schemas["CallDetailRow"], "notes"> & OfDetail;
export type Backup = Schemas["Backup"];
export type BadMapping = Schemas["BadMapping"];
export type Catalogue = Schemas["Catalogue"];
export type CallbackBecause = Schemas["CallbackBecause"];
export type CallbackGroup = Schemas["CallbackGroup"];
export type CallbackMakes = Schemas["CallbackMakes"];
export type CallbackPreset = Schemas["CallbackPreset"];
export type CatalogueProduct = Schemas["CatalogueProduct"];
export type Change = Schemas["Change"];
export type Command = Schemas["CatalogueCommand"];
export type CallRow = Schemas["CallRow"];
export type CellKind = Schemas["CellKind"];
export type ChangingRow = Schemas["ChangingRow"];
export type ContactChange = Schemas["ContactChange"];
export type ContactField = Schemas["ContactField"];
export type ContactsImported = Schemas["ContactsImported"];
export type ContactsPlan = Schemas["ContactsPlan"];
export type ContactsPreview = Schemas["ContactsPreview"];
export type Demo = Schemas["Demo"];
export type Desktop = Schemas["Desktop"];
export type DesktopChange = Schemas["DesktopChange"];
export type ClockWarning = Schemas["ClockWarning"];
export type AppRecords = Schemas["AppRecords"];
export type Completeness = Schemas["Completeness"];
export type DayStatement = Schemas["DayStatement"];
export type Gap = Schemas["Gap"];
export type Compared = Schemas["Compared"];
export type Comparison = Schemas["Comparison"];
export type Condition = Schemas["Condition"];
export type Connection = Schemas["Connection"];
export type Defect = Schemas["Defect"];
export type DayFigures = Schemas["DayFigures"];
export type Days = Schemas["Days"];
export type DeliveryDetailRow = Schemas["DeliveryDetailRow"];
export type DeliveryRow = Schemas["DeliveryRow"];
export type ExportFailure = Schemas["ExportFailure"];
export type ExportKind = Schemas["Kind"];
export type ExportState = Schemas["ExportState"];
export type Failure = Schemas["Failure"];
export type FailureCause = Schemas["FailureCause"];
/** How many calls each choice of a filter would give. */
export type Facets = Schemas["Facets"];
/** What a list shows; what is left out does not restrict. */
export type Filter = { [Field in keyof Schemas["Filter"]]?: Exclude<Schemas["Filter"][Field], null> };
export type ForwardAnswer = Schemas["ForwardAnswer"];
export type ForwardOutcome = Schemas["ForwardOutcome"];
export type ForwardOutcomes = Schemas["ForwardOutcomes"];
export type ForwardTarget = Schemas["ForwardTarget"];
export type ForwardTargets = Schemas["ForwardTargets"];
/** Calls in figures. */
export type Figures = Schemas["Figures"];
export type FileKind = Schemas["FileKind"];
export type LinkSays = Schemas["LinkSays"];
export type LifeRow = Schemas["LifeRow"];
export type MappedColumn = Schemas["MappedColumn"];
export type MemberRow = Schemas["MemberRow"];
export type OccupancyPoint = Schemas["OccupancyPoint"];
export type NoAnswer = Schemas["NoAnswer"];
export type KeepSending = Schemas["KeepSending"];
export type Notice = Schemas["Notice"];
export type PersonFigures = Schemas["PersonFigures"];
export type PortClosed = Schemas["PortClosed"];
export type OddAnswer = Schemas["OddAnswer"];
export type Plan = Schemas["Plan"];
export type PlanNotice = Schemas["PlanNotice"];
/** What one callback configuration at Tencent belongs to. */
export type Product = Schemas["Product"];
export type ProductState = Schemas["ProductState"];
export type ReadAs = Schemas["ReadAs"];
export type Reason = Schemas["Reason"];
export type Refusals = Schemas["Refusals"];
export type Region = Schemas["Region"];
export type RegionCode = Schemas["RegionCode"];
export type Rereading = Schemas["Rereading"];
export type Review = Schemas["Review"];
export type RoomDetailRow = Omit<Schemas["RoomDetailRow"], "notes"> & OfDetail;
export type RoomRow = Schemas["RoomRow"];
export type RefusedRow = Schemas["RefusedRow"];
export type RowRefusal = Schemas["RowRefusal"];
export type RtcArrivals = Schemas["RtcState"];
/** What exactly stood in the way of a request. */
export type Backfill = Schemas["Backfill"];
export type ProblemSaid = Schemas["ProblemSaid"];
export type RequestProblem = Schemas["Problem"];
export type Saved = Schemas["Saved"];
export type SecretFault = Schemas["SecretFault"];
export type SecretsChange = Schemas["SecretsChange"];
export type SecretsKept = Schemas["SecretsKept"];
export type SecretState = Schemas["SecretState"];
export type SetAside = Schemas["SetAside"];
export type Link = Schemas["Link"];
export type LinkPlan = Schemas["LinkPlan"];
export type LinksShown = Schemas["LinksShown"];
export type RefreshingLink = Schemas["RefreshingLink"];
export type ScheduledExport = Schemas["ScheduledExport"];
export type ScheduledExports = Schemas["ScheduledExports"];
export type SchedulePlan = Schemas["SchedulePlan"];
export type Settings = Schemas["Settings"];
export type Signing = Schemas["Signing"];
export type ShownUrl = Schemas["ShownUrl"];
export type Snapshot = Schemas["Snapshot"];
export type Status = Schemas["Status"];
export type StayRow = Schemas["StayRow"];
export type StepRow = Schemas["StepRow"];
export type SubscriptionError = Schemas["SubscriptionError"];
export type Subscriptions = Schemas["Subscriptions"];
export type Subscribed = Schemas["Subscribed"];
export type TableSource = Schemas["TableSource"];
export type TableUnreadable = Schemas["TableUnreadable"];
export type TencentAdvice = Schemas["TencentAdvice"];
/** Why a request to Tencent did not work. */
export type TencentError = Schemas["TencentError"];
export type TencentWhat = Schemas["TencentWhat"];
export type Wanted = Schemas["Wanted"];

/** A page of a list. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** What stands between the values of a CSV file. */
export type Separator = Schemas["Separator"];

/** What the columns of a CSV file are called. */
export type Headings = Schemas["Headings"];

/** An export as this window asks for it: nothing is left to be guessed. */
export interface ExportRequest {
  kind: ExportKind;
  format: Schemas["Format"];
  filter: Filter;
  tz: string;
  time_format: Schemas["TimeFormat"];
  profile: Schemas["Profile"];
  separator: Separator;
  headings: Headings;
  /** In their order; all of them where it is not there. */
  columns?: string[];
}

/** A list as it is exported, kept for later. */
export type ExportView = Schemas["ExportView"];

/** What an export will be. */
export type ExportPreview = Schemas["ExportPreview"];

/** A column that can be chosen. */
export type ExportColumn = Schemas["ExportColumn"];
/** A report as this window asks for it: a period by its name, or that of the filter. */
export interface ReportRequest {
  format: Schemas["ReportFormat"];
  period?: Schemas["NamedPeriod"];
  filter: Filter;
  tz: string;
  language: Schemas["Language"];
}
