import type { Defect, Reason } from "../../../api/types";
import type { Sentences } from "../../said";
import { apps } from "../apps";
import { inWords } from "../count";

const defects: Record<Defect, string> = {
  punctuation: "修正了注释或逗号",
  utf16: "以 UTF-16 而非 UTF-8 发送",
  bytes: "不是 UTF-8 文本的字节已替换为 \u{fffd}",
  surrogate: "半个字符（单独的代理项）已替换为 \u{fffd}",
  control: "文本中未转义的换行或其他控制字符按原样保留",
  escape: "不构成转义的反斜杠按原样保留",
  padding: "值之间或末尾的非文本字节已略去",
  depth: "嵌套超过 64 层的值已略去",
  number: "超出计算机范围的数字按原文保留",
};
const VALID: readonly Defect[] = ["depth", "number"];

export const reasons: Sentences<Reason> = {
  no_body: () => "请求没有请求体：腾讯云检查回调地址时会发送这样的请求。",
  not_an_object: () => "请求体是有效的 JSON，但不是对象。",
  not_text: ({ byte }) => `请求体不是 UTF-8 文本（从第 ${byte} 个字节起）。`,
  not_json: ({ why }) => `请求体不是 JSON：${why}。`,
  repaired: ({ defects: found }) => {
    const told = found.map((defect) => defects[defect]).join("；");
    return found.every((defect) => VALID.includes(defect)) ? `请求体是有效的 JSON，但${told}。` : `请求体不是有效的 JSON：${told}。`;
  },
  reading_failed: () => "Calltrail 出错，未能读取请求体。回调消息已保留，请反馈此问题。",
  deriving_failed: () => "Calltrail 内部出错，未能处理此回调消息。回调消息已保留，下次重建时会再次尝试。",
  test: () => "Calltrail 自己的测试回调。",
  chat: () => "即时通信 IM 产品的回调。记录中只有通话和房间。",
  battle: () => "直播间之间的 PK。记录中只有房间及房内人员，没有 PK。",
  room_quota: () => "房间数即将达到上限的提醒，不针对某个房间。",
  gift: () => "有用户要送礼物，已放行。记录中没有礼物。",
  follow: () => "有用户关注或取消关注了他人。记录中只有通话和房间。",
  message: () => "房间内的消息。记录中没有消息内容。",
  screenshot: () => "视频截图。记录中只有房间及房内人员。",
  rtc_group: ({ group }) => `RTC Engine 事件组 ${group} 的事件。记录中只有房间及房内人员。`,
  unknown_command: ({ command }) => `Calltrail 不认识回调命令 ${command}。回调消息已保留。`,
  unknown_product: () => "请求中看不出来自哪个产品。回调消息已保留。",
  lacks: ({ field }) => `请求体缺少 ${field}，无法判断属于哪个通话或房间。`,
  record_without_call: () => "拉取的记录没有指明通话。",
  no_app: () => "请求没有指明应用（SDKAppID），无法判断是谁的通话。",
  foreign_app: ({ app }) => `应用 ${app} 不是你的应用。添加该应用后，此回调消息会进入记录。`,
  app_conflict: ({ apps: named }) => `请求指明了多个应用：${named.join("、")}。无法判断属于谁。`,
  not_signed: ({ app, secret }) =>
    `应用 ${app} 已设置 ${apps.kinds[secret].name}，但此回调消息没有签名。它可能并非来自腾讯云，也可能是腾讯云一侧没有开启签名：请在那里设置相同的 ${apps.kinds[secret].name}，或在这里清除。`,
  bad_signature: ({ app, secret }) =>
    `签名与应用 ${app} 设置的 ${apps.kinds[secret].name} 不符。它可能并非来自腾讯云，也可能是腾讯云上的 ${apps.kinds[secret].name} 不同：请核对两者。如果你确认它属实，可将其移入记录。`,
  signer_unreadable: ({ app, secret }) =>
    `应用 ${app} 的 ${apps.kinds[secret].name} 已设置但无法读取，不能判断此回调消息是否属实。请解锁系统密钥库并重启 Calltrail，或重新输入 ${apps.kinds[secret].name}，然后将它移入记录。`,
  signed_later: ({ seconds }) => `签名正确，但签名时间比本机时钟晚 ${inWords(seconds)}。一定是本机时钟慢了：请校准时钟，然后将它移入记录。`,
  signed_earlier: ({ seconds, most }) =>
    `签名正确，但签名时间比到达时间早 ${inWords(seconds)}，最多允许 ${inWords(most)}。可能有人重发了旧请求，也可能是本机时钟快了。如果是后者，请校准时钟，然后将它移入记录。`,
  sentence: ({ text }) => text,
};
