import type { signing as english } from "../en/signing";

/** Words about the signing of Live callbacks, at the Live token of an app. */
export const signing: typeof english = {
  title: "腾讯云的签名",
  asking: "正在查询腾讯云是否为 Live 回调签名…",
  needsKey: "保存这个应用的 SDKSecretKey 后，Calltrail 可以替你生成令牌并设置到腾讯云。",
  off: "腾讯云没有为 Live 回调签名，接收时不作验证。",
  both: "腾讯云用这个令牌为 Live 回调签名，Calltrail 只接收这样签名的回调。",
  onlyThere: "腾讯云用令牌为 Live 回调签名，但这里没有填写这个令牌，回调不经验证直接接收。",
  onlyHere: "这里设置了令牌，但腾讯云没有签名，因此所有 Live 回调都留在隔离区。",
  differ: "腾讯云签名所用的令牌与这里的不同，因此所有 Live 回调都留在隔离区。",
  unreadable: "腾讯云为 Live 回调签名，但这里的令牌无法读取，因此所有 Live 回调都留在隔离区。",
  unknown: (why: string) => `无法确定腾讯云是否为 Live 回调签名。${why}`,
  deeds: {
    make: "生成令牌并设置到腾讯云",
    again: "把这个令牌设置到腾讯云",
    take: "使用腾讯云上的令牌",
    stop: "停止签名",
    ask: "重新查询",
  },
  working: "正在提交到腾讯云并核对结果…",
  on: "已完成：腾讯云签名，Calltrail 验证。在此之前发出、之后才到的 Live 回调会留在隔离区，可以手动放行。",
  stopped: "已完成：腾讯云不再签名，这里的令牌也已清除。Live 回调不经验证直接接收。",
};
