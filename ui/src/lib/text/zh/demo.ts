/** Words of the demo, in Chinese. */
import type { demo as english } from "../en/demo";
import { count, grouped } from "./count";

export const demo: typeof english = {
  name: "示例",
  offerTitle: "只想先看看？",
  offer: "用示例通话和房间填满每个页面，方便浏览。示例数据与自己的记录分开存放，期间照常接收回调，一键即可移除。",
  start: "用示例数据体验",
  starting: "正在生成示例通话…",
  progress: (filled, total) => (total === 0 ? "正在生成示例通话…" : `${grouped(filled)} / ${count(total, "条回调消息")}`),
  progressLabel: "示例数据的生成进度",
  banner: "当前显示的是示例数据。",
  bannerHelp: "自己的记录不受影响，仍在接收回调。",
  remove: "移除示例数据",
  removing: "正在移除…",
};
