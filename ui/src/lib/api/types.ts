/** The shapes that the API answers. Times are Unix milliseconds, UTC. */
export interface CallRow { app: string; call_id: string; started_ms: number; answered_ms: number | null; ended_ms: number | null; result: string; media: string; type: string; caller: string; callees: string[]; members: number; others: string[]; ring_seconds: number | null; talk_seconds: number | null; room_id: string; room_id_type: string; source: string; last_ms: number }
export interface MemberRow { app: string; call_id: string; user: string; role: string; invited_ms: number | null; joined_ms: number | null; left_ms: number | null; outcome: string; ring_seconds: number | null; talk_seconds: number | null; platform: string }
export interface StepRow { at_ms: number; action: string; user: string; platform: string; client_ip: string; sent: Record<string, unknown>; family: string; command: string; flagged: boolean; delivery: string }
export interface DeliveryRow { digest: string; received_ms: number; app: string; family: string; command: string; verdict: string; reason: string; repeats: number; call_id: string; room_id: string; bytes: number; source: string; event_ms: number | null; quarantined: boolean }
export interface CallDetailRow { call: CallRow; members: MemberRow[]; steps: StepRow[]; sources: Record<string, unknown>; deliveries: DeliveryRow[] }
export interface RoomRow { app: string; product: string; room_id_type: string; room_id: string; name: string; owner: string; created_ms: number | null; ended_ms: number | null; end_reason: string; users: number; stays: number; peak: number; inside: number; first_ms: number; last_ms: number }
export interface StayRow { app: string; product: string; room_id_type: string; room_id: string; user: string; n: number; entered_ms: number | null; left_ms: number | null; seconds: number | null; away_seconds: number; enter_cause: string; leave_cause: string }
export interface RoomDetailRow { room: RoomRow; details: Record<string, unknown>; steps: StepRow[] }
export interface DeliveryDetailRow { delivery: DeliveryRow; remote: string; method: string; query: string; headers: [string, string][]; body: string; pretty: string | null; repeated_ms: number[] }
export interface Page<T> { rows: T[]; next: string | null; total: number | null }
export interface Status { version: string; epoch: string; revision: number; desktop: boolean; data_dir: string; hook: { url: string; state: "listening" | "retrying"; message: string }; apps: number; calls: number; rooms: number; deliveries: number; quarantined: number; quarantine_dropped: number; last_received_ms: number | null; first_run: boolean; now_ms: number }
export interface Refusal { at_ms: number; remote: string; method: string; path: string; status: number; reason: string }
export interface Refusals { counts: Record<string, number>; last: Refusal[] }
export interface App { id: string; label: string; region: string }
export interface Settings { hook_url: string; hook_address: string; web_address: string | null; data_dir: string; public_url: string | null }
export interface Filter { from?: number; to?: number; result?: string; user?: string; media?: string; type?: string; room?: string; app?: string; product?: string; verdict?: string; family?: string; q?: string }
export type ExportKind = "calls" | "members" | "rooms" | "stays" | "deliveries";
export interface ExportRequest { kind: ExportKind; format: "csv" | "jsonl"; filter: Filter; tz: string; time_format: "local" | "iso"; profile: "programs" | "spreadsheet" }
export interface ExportState { id: string; state: "running" | "done" | "cancelled" | "failed"; rows: number; total: number | null; path: string | null; message: string }
