import type { FailureCause } from "../../../api/types";

/** What kept the record from being written; what else there is, the system's own words say. */
export const causes: Record<Exclude<FailureCause, "other">, string> = {
  disk_full: "磁盘已满。",
  disk_error: "磁盘报错。",
  no_access: "文件或文件夹不存在，或无法读写。",
  locked: "其他程序锁定了文件。",
  damaged: "文件已损坏。",
  exchanged: "记录的文件被移走或替换，正在重新写入。",
  held: "另一个 Calltrail 正在写入此记录。",
};
