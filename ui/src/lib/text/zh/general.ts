/** Words of the window as a whole, in Chinese: its screens, its life, its lists, and what goes wrong. */
import type { en } from "../en";
import { count } from "./count";

export const general: Pick<typeof en, "product" | "nav" | "life" | "keys" | "list" | "sourcing" | "errors"> = {
  product: "Calltrail",

  nav: {
    overview: "概览",
    calls: "通话",
    followup: "回访",
    rooms: "房间",
    people: "联系人",
    person: "联系人详情",
    deliveries: "回调消息",
    settings: "设置",
    start: "快速开始",
    damage: "修复",
    review: "重新处理",
    ways: "接通公网",
    callbacks: "回调设置",
    completeness: "记录的完整性",
  },

  life: {
    never: "尚未收到回调",
    last: (ago) => `最近一条回调：${ago}`,
    lost: (since) => `自 ${since} 起 Calltrail 没有应答。当前显示的是此前的内容，本窗口会自动重试。`,
  },

  keys: "方向键或 j、k、Page Up、Page Down、Home、End 用于移动；Enter 打开，Escape 关闭，g 转到日期，/ 搜索，s 显示详情中每一行的来源。",

  list: {
    goToDate: "转到日期",
    retry: "重试",
    showMore: "显示更多",
    close: "关闭",
    cancel: "取消",
    loading: "正在加载…",
    calls: (n) => count(n, "次通话"),
    rooms: (n) => count(n, "个房间"),
    deliveries: (n) => count(n, "条回调消息"),
  },

  sourcing: {
    show: "显示来源",
    help: "显示每一行来自哪条回调 (S)",
    callback: "回调",
    from: (command, at) => `来自 ${command}，${at}`,
    reported: (at) => `${at} 上报`,
  },

  errors: {
    unreachable: "Calltrail 没有应答，可能仍在启动，也可能已停止。",
    key: "打开本页需要 `calltrail serve` 所显示链接中的密钥。请重新打开该链接。",
    other: (status) => `Calltrail 返回错误 ${status}。`,
  },
};
