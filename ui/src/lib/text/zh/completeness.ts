import type { completeness as english } from "../en/completeness";
import { count, grouped, inWords } from "./count";

export const completeness: typeof english = {
  go: "记录的完整性",
  n: (n) => grouped(n),
  span: (from, to) => `${from} 至 ${to}`,
  gaps: (n) => count(n, "处空缺"),
  counts: ({ calls, confirmed, only_callbacks, only_fetched }) =>
    `${count(calls, "次通话")}：${grouped(confirmed)} 次经腾讯云记录核对，${grouped(only_callbacks)} 次仅来自回调，${grouped(only_fetched)} 次仅来自拉取的记录。`,

  sentences: {
    noApp: "还没有应用，因此不会收到任何内容。",
    checked: (to) => `腾讯云的通话记录已读取至${to}，其中的通话均已在此。`,
    rooms: (to, n) => `腾讯云的通话记录已读取至${to}，其中的通话均已在此。${count(n, "处空缺")}内的进出房间情况无法得知。`,
    fetchable: (n, seconds) => `有 ${count(n, "处空缺")}的通话尚未拉取。腾讯云${seconds === 0 ? "正在清除" : `将在${inWords(seconds)}后开始清除`}这些记录。`,
    missing: (n) => `${count(n, "处空缺")}内可能缺少通话：腾讯云已没有那段时间的记录。`,
    unchecked: "尚未与腾讯云的通话记录核对。填写应用的密钥后，Calltrail 每 30 分钟读取一次。",
  },

  overview: "概览",
  period: "时间范围",
  periods: { week: "7 天", month: "30 天", quarter: "90 天" },
  callsTitle: "通话的来源",
  columns: {
    day: "日期",
    calls: "通话",
    confirmed: "经记录核对",
    onlyCallbacks: "仅来自回调",
    onlyFetched: "仅来自记录",
    state: "完整性",
    from: "开始",
    to: "结束",
    long: "时长",
    why: "原因",
    itsCalls: "这段时间的通话",
  },

  gapsTitle: "无法接收回调的时间",
  gapsNone: "在此期间，Calltrail 一直可以接收回调。",
  gapsHelp: "通话可以事后从腾讯云的记录中拉取；进出房间的情况无法拉取，因此这些时间内会缺少。",
  why: {
    before_first: "当时 Calltrail 尚未记录此类时间",
    stopped: "Calltrail 已关闭",
    killed: "Calltrail 意外结束，或断电",
    slept: "电脑处于睡眠状态",
    clock_set: "电脑的时钟被更改",
    port_closed: "端口已关闭：已暂停接收，或被其他程序占用",
    not_reached: "公网地址没有通到这里",
    not_stored: "无法保存任何内容",
  },
  calls: {
    fetched: "已拉取",
    fetchable: (seconds) => `尚未拉取，还可在${inWords(seconds)}内拉取`,
    partly_forgotten: (seconds) => `腾讯云已清除一部分，其余还可在${inWords(seconds)}内拉取`,
    forgotten: "腾讯云已清除",
  },

  fetchedTitle: "腾讯云的记录",
  fetchedNone: "尚未读取。",
  fetched: (ago, records) => `${ago}读取，共 ${count(records, "条记录")}`,
  newer: "通话",
  older: "旧版客户端的通话",
  leftTitle: "仍可拉取",
  left: (seconds) => (seconds < 60 ? "腾讯云正在逐步清除" : `腾讯云将在${inWords(seconds)}后开始清除`),
  toRecords: "读取通话记录",

  daysTitle: "按日期",
  marks: {
    missing: (which) => `可能缺少通话（${which}）`,
    fetchable: (which) => `通话尚未拉取（${which}）`,
    unknown: (which) => `无法确认是否完整（${which}）`,
    rooms: (which) => `事后拉取（${which}）`,
    checked: () => "已核对",
  },
};
