import type { start as english } from "../en/start";

/** The words of the first steps. */
export const start: typeof english = {
  title: "三步记录第一次通话",
  lead: "Calltrail 保存腾讯云实时音视频（TRTC）上报的每一次通话。上报的方式是“回调”：腾讯云向你指定的地址发送一条小消息。",
  one: "把这个地址给腾讯云",
  oneBody:
    "Calltrail 在这台电脑上用下面的地址接收回调。腾讯云在互联网上，需要一个能通到这里的公网地址：可以用隧道，也可以用自己服务器上的反向代理把请求转发过来。",
  onePublic: "如果已有公网地址，请填在这里，Calltrail 会据此生成给腾讯云的地址。也可以以后在“设置”中填写。",
  oneWhere: "不需要自己把它填到腾讯云：添加应用和 SDKSecretKey 之后，Calltrail 会替你设置，请前往“{callbacks}”。",
  oneWhereElse: "RTC Engine 的房间和媒体事件除外：需要在 TRTC 控制台中这个应用的“回调配置”里填写。所有事件都用同一个地址。",
  two: "添加应用",
  twoBody: "SDKAppID 是 TRTC 控制台中应用名称旁的数字。只有已添加的应用，其回调才会进入记录。",
  twoKey:
    "SDKSecretKey 也在那里，位于应用的“基本信息”中。有了它，Calltrail 可以查询和设置腾讯云发送哪些回调；它只保存在这台电脑上，之后不再显示。不填也能接收回调。",
  twoDone: "已添加：",
  twoSecret: "还缺 SDKSecretKey：",
  twoSecretGo: "在设置中填写",
  twoNext: "现在可以查询和设置腾讯云发送哪些回调：",
  twoNextGo: "选择要发送的回调",
  three: "发送测试回调",
  threeBody: "Calltrail 向自己在这台电脑上的地址（腾讯云的回调也到达这里）发送一条测试回调，并等待它写入磁盘。",
  send: "发送测试回调",
  again: "再发一条",
  sending: "已发送，正在等待到达…",
  arrived: (time: string) => `已于 ${time} 到达并写入磁盘。`,
  arrivedNote: "这台电脑的接收和记录都正常。腾讯云能否访问到这里，要看第一次真实通话。",
  notArrived: "已发送，但 10 秒内没有出现在记录中。请查看“回调消息”，以及列表下方被拒绝的请求。",
  stay: "登录时要启动 Calltrail 吗？",
  stayBody: "只有 Calltrail 在运行时才会接收回调。如果它自动启动，这台电脑重启后就不会错过回调。",
  finish: "查看通话",
  skip: "暂时跳过",
};
