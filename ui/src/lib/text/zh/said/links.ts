import type { ClockWarning, LinkSays, Product } from "../../../api/types";
import { say, type Sentences } from "../../said";
import { inWords } from "../count";
import { punctuation } from "../punctuation";
import { catalogue } from "./catalogue";
import { causes } from "./causes";
import { problems } from "./problems";
import { noAnswer, tencent } from "./tencent";

/** `“诊所”的直播`. */
const of = (app: string, product: Product) => `“${app}”的${catalogue.products[product].name}`;

/** By Tencent's word for it. */
const tells: Readonly<Record<string, string>> = catalogue.tells;

const links: Sentences<LinkSays> = {
  listening: () => "Calltrail 正在这台电脑上接收回调。",
  nothing_came_in: () => "端口已打开，但启动以来还没有收到任何内容。请发送一条测试消息。",
  port_closed: ({ problem }) => say(problems.port, problem),
  public_none: () => "还不知道腾讯云通过哪个地址连到这台电脑。",
  public_not_tried: () => "还没有尝试过。",
  public_works: () => "发往公网地址的内容能到达这里。",
  public_callbacks: () => "无法从这里尝试，但能够收到回调。",
  public_elsewhere: ({ status }) => `那里应答的不是 Calltrail（HTTP 状态码 ${status}）。在此期间腾讯云发送的回调无法到达。`,
  public_silent: ({ why }) => `没有应答（${say(noAnswer, why)}），之前是有的。在此期间腾讯云发送的回调无法到达。`,
  public_unknown: ({ why }) => `它对这台电脑没有应答（${say(noAnswer, why)}）。有些路由器不允许电脑访问自己的公网地址；腾讯云可能仍然能连到它。`,
  drift: ({ app, product }) => `${of(app, product)}：有人更改了腾讯云发送的内容。`,
  not_read: ({ app, product, why }) => `${of(app, product)}：${say(tencent.problems, why)}`,
  address_ours: () => "腾讯云登记的就是这台电脑的地址。",
  address_other: ({ app, product }) => `${of(app, product)}：腾讯云登记的是另一个地址。`,
  address_none: () => "腾讯云还没有登记地址。请选择回调并提交更改。",
  no_key: () => "没有 SDKSecretKey，无法向腾讯云查询。不过回调照常接收。",
  no_app: () => "还没有应用，请先添加。",
  not_asked: () => "还没有向腾讯云查询过。",
  after_address: () => "确认地址之后才能知道。",
  command_off: ({ app, product, command }) => `${of(app, product)}：${command} 未开启，它上报的是${punctuation.quoted(tells[command] ?? "")}`,
  commands: ({ kinds }) => `腾讯云会向这里发送 ${kinds} 种回调。`,
  no_callback: () => "还没有收到回调。用你的应用打一个短通话，就能看到一条。",
  callbacks_in_future: () => "所有回调的时间都在未来：收到时这台电脑的时钟快了，或者现在慢了。",
  callback_old: () => "最近一条回调已超过一周。用你的应用打一个短通话，就能看到一条。",
  callbacks: () => "能够收到回调。",
};

const TIMES = "通话和房间采用发送方报告的时间；接收时间，以及没有自带时间的内容，在此之前都不准确。";
type Told = { words: string; help: string };
const clock: Record<ClockWarning["source"], (seconds: number) => Told> = {
  signatures: (seconds) => ({
    words: seconds < 0 ? `这台电脑的时钟慢了 ${inWords(seconds)}。` : `这台电脑的时钟似乎快了 ${inWords(seconds)}，或者有人重发了旧请求。`,
    help: "带签名的回调会被拒绝并留在隔离区。请校准时钟，然后将它们移入记录。",
  }),
  senders: (seconds) => ({
    words:
      seconds < 0
        ? `这台电脑的时钟慢了约 ${inWords(seconds)}：最近的回调发送时间比它还晚。`
        : `这台电脑的时钟似乎快了约 ${inWords(seconds)}，或者最近的回调被耽搁了这么久。`,
    help: seconds < 0 ? `请校准时钟。${TIMES}` : `请检查时钟，不准就校准。${TIMES}`,
  }),
  answers: (seconds) => ({
    words: seconds < 0 ? `这台电脑的时钟比腾讯云慢约 ${inWords(seconds)}。` : `这台电脑的时钟比腾讯云快约 ${inWords(seconds)}。`,
    help: "请校准时钟：密码和签名都依赖时钟。",
  }),
};

export const known = { links, clock, causes };
