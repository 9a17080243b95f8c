/** The words of exports. */
import type { exports as english } from "../en/exports";
import { count } from "./count";

export const exports: typeof english = {
  button: "导出",
  options: "导出选项",
  what: "导出内容",
  kinds: {
    calls: "通话",
    members: "通话成员",
    rooms: "房间",
    stays: "进房记录",
    deliveries: "回调消息",
    people: "联系人",
    cases: "回访",
    entries: "人工添加的内容",
  },
  format: "文件格式",
  formats: { csv: "CSV", jsonl: "JSON Lines（可重新导入）" },
  forWhom: "用于",
  profiles: { spreadsheet: "Excel、LibreOffice、WPS", programs: "其他程序" },
  profileHelp: { spreadsheet: "ID 和名称保持为文本，不会变成数字、日期或公式。", programs: "原始值，与记录完全一致。" },
  between: "分隔符",
  separators: { comma: "逗号", semicolon: "分号", tab: "制表符" },
  headings: "列标题",
  headingsIn: { names: "供程序使用的列名（call_id）", words: "中文（通话 ID）" },
  times: "时间",
  timeFormats: { local: (tz) => `本地时间（${tz}）`, iso: "ISO 8601" },
  note: "文件内容与筛选结果完全一致。",
  choosing: "选择保存位置…",
  running: (rows) => `正在导出… ${count(rows, "行")}`,
  done: (rows) => `已导出 ${count(rows, "行")}。`,
  cancelled: "已取消导出，没有留下文件。",
  failed: "导出失败。",
  cancel: "取消",
  dismiss: "关闭",
};
