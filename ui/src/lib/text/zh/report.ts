/** The words of the report of a period, in Chinese. */
import type { report as english } from "../en/report";

export const report: typeof english = {
  button: "报告",
  lastWeek: "上周",
  lastMonth: "上月",
  shown: (period) => `当前：${period}`,
  workbook: "工作簿",
  workbookOf: (period) => `报告工作簿（xlsx）：${period}`,
  page: "打印",
  pageOf: (period) => `可打印的报告（HTML）：${period}`,
  help: "与此前时段对比的统计数据、图表，以及全部通话、房间和回访。每周从周一开始。",
  saved: "打印页会保存为文件。请在浏览器中打开并打印，或另存为 PDF。",
};
