import type { components } from "./schema";

/** The shapes that the API answers, under their own names. They are generated from the OpenAPI document: `npm run types`. */
type Schemas = components["schemas"];

export type App = Schemas["App"];
export type Applied = Schemas["Applied"];
export type CallDetailRow = Schemas["CallDetailRow"];
export type Backup = Schemas["Backup"];
export type Catalogue = Schemas["Catalogue"];
export type CatalogueProduct = Schemas["CatalogueProduct"];
export type Change = Schemas["Change"];
export type Command = Schemas["CatalogueCommand"];
export type CallRow = Schemas["CallRow"];
export type Demo = Schemas["Demo"];
export type Condition = Schemas["Condition"];
export type Connection = Schemas["Connection"];
export type Days = Schemas["Days"];
export type DeliveryDetailRow = Schemas["DeliveryDetailRow"];
export type DeliveryRow = Schemas["DeliveryRow"];
export type ExportKind = Schemas["Kind"];
export type ExportState = Schemas["ExportState"];
/** How many calls each choice of a filter would give. */
export type Facets = Schemas["Facets"];
/** What a list shows; what is left out does not restrict. */
export type Filter = { [Field in keyof Schemas["Filter"]]?: Exclude<Schemas["Filter"][Field], null> };
export type Link = Schemas["Link"];
export type LifeRow = Schemas["LifeRow"];
export type MemberRow = Schemas["MemberRow"];
export type OccupancyPoint = Schemas["OccupancyPoint"];
export type Notice = Schemas["Notice"];
export type Plan = Schemas["Plan"];
/** What one callback configuration at Tencent belongs to. */
export type Product = Schemas["Product"];
export type ProductState = Schemas["ProductState"];
export type Refusals = Schemas["Refusals"];
export type Region = Schemas["Region"];
export type Rereading = Schemas["Rereading"];
export type Review = Schemas["Review"];
export type RoomDetailRow = Schemas["RoomDetailRow"];
export type RoomRow = Schemas["RoomRow"];
export type RtcArrivals = Schemas["RtcState"];
export type Saved = Schemas["Saved"];
export type SecretsChange = Schemas["SecretsChange"];
export type SecretsKept = Schemas["SecretsKept"];
export type SecretState = Schemas["SecretState"];
export type SetAside = Schemas["SetAside"];
export type Settings = Schemas["Settings"];
export type Signing = Schemas["Signing"];
export type ShownUrl = Schemas["ShownUrl"];
export type Snapshot = Schemas["Snapshot"];
export type Status = Schemas["Status"];
export type StayRow = Schemas["StayRow"];
export type StepRow = Schemas["StepRow"];
export type Subscriptions = Schemas["Subscriptions"];
export type Subscribed = Schemas["Subscribed"];
export type Wanted = Schemas["Wanted"];

/** A page of a list. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** What stands between the values of a CSV file. */
export type Separator = Schemas["Separator"];

/** An export as this window asks for it: nothing is left to be guessed. */
export interface ExportRequest {
  kind: ExportKind;
  format: Schemas["Format"];
  filter: Filter;
  tz: string;
  time_format: Schemas["TimeFormat"];
  profile: Schemas["Profile"];
  separator: Separator;
}
