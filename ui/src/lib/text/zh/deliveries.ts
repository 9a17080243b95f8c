/** The words of the deliveries screen and of refused requests. */
import type { deliveries as english, foreign as englishForeign, protocols as englishProtocols, refusals as englishRefusals } from "../en/deliveries";
import { count, grouped } from "./count";

export const deliveries: typeof english = {
  columns: {
    received: "接收时间",
    verdict: "处理结果",
    family: "来源产品",
    command: "回调命令",
    about: "通话或房间",
    app: "应用",
    repeats: "重复",
    bytes: "大小",
  },
  emptyTitle: "还没有回调消息",
  empty: "发到回调地址的每个请求都会原样保存在这里，包括 Calltrail 无法解析的请求。",
  noneTitle: "没有符合筛选条件的回调消息",
  none: "可以放宽时间范围，或减少筛选条件。",
  detail: "回调消息详情",
  gone: "记录中没有这条回调消息。",
  received: "接收时间",
  event: "事件时间",
  remote: "发送方",
  size: "大小",
  digest: "摘要",
  repeats: "重复",
  repeatsNone: "无",
  times: (n) => count(n, "次"),
  query: "查询参数",
  headers: "请求头",
  body: "请求体",
  asReceived: "原文",
  pretty: "格式化",
  notJson: "请求体不是 JSON。",
  emptyBody: "这个请求没有请求体。",
  call: "通话",
  room: "房间",
  quarantine: "在隔离区",
  quarantineHelp: "已返回 403，不计入记录。",
  ours: "这是我们的应用",
  oursHelp: (app) => `添加应用 ${app}，并把它在隔离区中的回调消息移入记录。`,
  release: "移入记录",
  releaseHelp: "只把这一条回调消息移入记录。",
  released: (n) => `已将 ${count(n, "条回调消息")}移入记录。`,
  notReleased: "它已不在隔离区。",
  passedOn: {
    title: "转发到",
    fates: { waiting: "等待中", taken: "已送达", given_up: "已放弃" },
    atOnce: "第一次发送即送达。",
    taken: (attempts, at) => `第 ${grouped(attempts)} 次发送时送达，${at}。`,
    notYet: "尚未发送。",
    tried: (attempts, at) => `已尝试 ${count(attempts, "次")}，最近一次 ${at}。`,
    answered: (why) => `应答：${why}。`,
    next: (at) => `下次发送：${at}。`,
    signedAnew: "当时腾讯云的签名已过期，Calltrail 用同一个令牌重新签名，并在请求头 calltrail-signed-anew 中注明。",
    go: "在“回调设置”中重试",
  },
  refused: "被拒绝的请求",
  refusedHelp: "地址、方法、大小或发送方不符，未进入记录就被拒绝。这些请求只计数；下面列出 Calltrail 启动以来最近的 100 个。",
  refusedNone: "Calltrail 启动以来没有。",
  at: "时间",
  from: "来源",
  request: "请求",
  answer: "响应",
  reason: "原因",
};

export const refusals: typeof englishRefusals = {
  unknown_path: "地址错误",
  method: "不是 POST",
  browser: "由网页发送",
  circle: "由 Calltrail 自己转发而来",
  too_large: "过大",
  encoding: "不支持的压缩格式",
  packing: "压缩数据损坏",
  body_timeout: "传输过慢",
  body_broken: "传输不完整",
  not_http: "不是 HTTP",
  overload: "连接过多",
  not_stored: "无法保存",
  fault: "内部错误",
};

/** What came instead of HTTP. */
export const protocols: typeof englishProtocols = { tls: "TLS（https）", proxy_protocol: "PROXY 协议", http2: "HTTP/2", ssh: "SSH", socks: "SOCKS" };

/** What to do about it. */
export const foreign: typeof englishForeign = {
  tls: "有程序用 TLS（https）连接这个端口，但它只接受普通 http。如果是你的隧道或代理，请把转发的目标地址写成 http://，不要写 https://；TLS 到隧道或代理为止。",
  proxy_protocol:
    "有程序在每个请求前发送 PROXY 协议。Calltrail 不接受它，因为任何人都能借此冒充任意地址。请在代理或负载均衡中，对这个目标关闭该功能（send_proxy、proxy_protocol）。",
  http2: "有程序用不带 TLS 的 HTTP/2（h2c）连接这个端口，但它只接受 HTTP/1.1。请在隧道或代理中，为这个目标选择 HTTP/1.1。",
  ssh: "有程序用 SSH 连接这个端口。如果是你的隧道，说明远端和目标弄反了：它应把请求转发到这个端口，而不是登录这里。",
  socks: "有程序把这个端口当作 SOCKS 代理使用，但它不是。请用普通 http 把请求转发过来。",
};
