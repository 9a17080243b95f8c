/** The demo's addresses, which the OpenAPI document does not hold yet. */
import type { Status as GeneratedStatus } from "../api/types";

/** How far the invented record is. */
export interface Demo {
  running: boolean;
  filled: number;
  total: number;
  started_ms: number | null;
}

export interface Status extends GeneratedStatus {
  /** Invented data is shown. */
  demo: boolean;
}
