/** What is said before a change at Tencent, and why one was not made, in Chinese. */
import type { Notice, SubscriptionError } from "../../../api/types";
import type { subscription as english } from "../../en/said/subscription";
import { say, type Sentences } from "../../said";
import { punctuation } from "../punctuation";
import { tencent } from "./tencent";

const notices: Sentences<Notice> = {
  not_web: () => "地址必须以 http:// 或 https:// 开头，并包含主机名，否则腾讯云不接受。",
  private_address: () => "这是内网地址，腾讯云无法访问，回调不会到达。请填写能通到这台电脑的公网地址。",
  not_ours: () => "这个地址不以这台电脑的令牌结尾，Calltrail 不会接收发到那里的回调。请逐字核对。",
  http_only: () => "使用 http:// 时，途中的任何人都能看到回调内容。建议使用 https:// 地址。",
  no_public_url: () => "还没有填写这台电脑的公网地址。请先填写腾讯云能访问的地址。",
  nothing_changes: () => "腾讯云的设置已经如此。",
  no_command: () => "没有选择任何回调。请至少选择一种，或停止发送。",
  unknown_command: ({ commands }) => `腾讯云文档中，这个产品没有 ${punctuation.all(commands)}，腾讯云可能会拒绝整个更改。`,
  drops_unknown: ({ commands }) => `将关闭 ${punctuation.all(commands)}。腾讯云文档中，这个产品没有这些，可能是有人特意开启的。`,
  moderation: ({ commands, stops }) =>
    stops
      ? `目前由另一个程序决定是否允许（${punctuation.all(commands)}）。更改之后不再询问它，审核随之停止；Calltrail 会全部允许。`
      : `${punctuation.all(commands)} 会询问是否允许，得到答复之前用户需要等待。Calltrail 会立即全部允许；这台电脑关机时，用户要等 2 秒，礼物会被拒绝。`,
  other_url: ({ url }) => `腾讯云目前把这些回调发送到另一个地址：${url}。更改之后不再向那里发送。`,
};

const problems: Sentences<SubscriptionError> = {
  ...tencent.problems,
  no_such_app: ({ app }) => `${app} 不在应用列表中，请先添加。`,
  no_secret_key: ({ app }) => `需要应用 ${app} 的 SDKSecretKey 才能向腾讯云查询。请从控制台的 SDKAppID 旁复制，并在“设置”中填写。`,
  callbacks_settings: ({ why }) => `无法读取设置。${why}`,
  callbacks_secrets: ({ why }) => `无法读取密钥。${why}`,
  changed_at_tencent: () => "期间有人改动了腾讯云的设置，因此没有提交任何更改。请重新查询并查看差异。",
  plan_stopped: ({ notice }) => `${say(notices, notice)}没有更改任何设置。`,
  plan_not_agreed: (said) => `${punctuation.sentences(...said.notices.map((notice) => say(notices, notice)))}需要先确认，因此没有更改任何设置。`,
  not_signing: () => "腾讯云接受了 Live 回调的令牌，但再次查询时显示的不是它。这里没有更改，回调照常接收。请稍后再次开启签名。",
  signed_unchecked: ({ why }) =>
    `腾讯云现在为 Live 回调签名，但令牌未能保存到这里，回调不经验证直接接收。${why}处理后请再次开启签名，Calltrail 会使用腾讯云上的令牌。`,
  still_signed: ({ why }) =>
    punctuation.sentences(
      "Calltrail 不再验证 Live 回调的签名，但腾讯云可能仍在签名。",
      why ? say(tencent.problems, why) : "腾讯云接受了更改，但仍显示原来的令牌。",
      "回调不会丢失：带签名的回调同样会接收。请稍后再次停止签名。",
    ),
  no_such_change: ({ change }) => `这个产品的更改历史中没有第 ${change} 项。`,
  history_unusable: ({ path, why }) =>
    `无法读写更改历史：${path}（${why}）。没有它就无法撤销更改，因此没有更改任何设置。请检查文件夹是否归当前用户所有、空间是否足够。`,
};

export const subscription: typeof english = { notices, problems };
