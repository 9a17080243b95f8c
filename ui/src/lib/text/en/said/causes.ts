import type { FailureCause } from "../../../api/types";

/** What kept the record from being written; what else there is, the system's own words say. */
export const causes: Record<Exclude<FailureCause, "other">, string> = {
  disk_full: "the disk is full.",
  disk_error: "the disk reports an error.",
  no_access: "a file or folder is missing, or cannot be read or written.",
  locked: "another program has locked a file.",
  damaged: "a file is damaged.",
  exchanged: "a file of the record was removed or replaced, and is being written again.",
  held: "another Calltrail is writing to this record.",
};
