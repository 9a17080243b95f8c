/** Why a request to Tencent did not work, in Chinese: what happened, and what to do about it. */
import type { NoAnswer, OddAnswer, TencentAdvice, TencentError, TencentWhat } from "../../../api/types";
import type { tencent as english } from "../../en/said/tencent";
import { inTurn, say, type Sentences } from "../../said";
import { punctuation } from "../punctuation";

const what: Record<TencentWhat, string> = {
  nothing_configured: "这个应用没有配置任何回调。",
  no_group_call: "这个应用没有开通多人通话版，腾讯云不会发送旧版客户端的回调。",
  address_refused: "腾讯云不接受某个参数；对回调来说，通常是地址没有以 http:// 或 https:// 开头。",
  password_refused: "腾讯云不接受由 SDKSecretKey 生成的签名。",
  account_or_password_refused: "腾讯云不接受账号，或由 SDKSecretKey 生成的签名。",
  password_expired: "由 SDKSecretKey 生成的签名已过期。",
  no_password: "请求中没有签名。",
  other_account: "签名是为另一个账号生成的。",
  other_app: "签名是为另一个 SDKAppID 生成的。",
  wrong_key: "腾讯云不接受签名：SDKSecretKey 不属于这个 SDKAppID。",
  no_key: "这个应用在腾讯云没有密钥。",
  too_many_wrong_passwords: "腾讯云多次收到错误的签名，暂时不再接受请求。",
  not_administrator: "Calltrail 使用的账号不是这个应用的管理员。",
  no_account: "Calltrail 使用的账号不存在。",
  not_allowed: "Calltrail 使用的账号没有这项权限。",
  too_often: "向腾讯云发送的请求过于频繁。",
  own_fault: "腾讯云的服务出现内部错误。",
  own_timeout: "腾讯云的服务没有及时响应。",
  request_unreadable: "腾讯云无法解析请求。",
  parameter_refused: "腾讯云不接受请求中的某个参数。",
  no_such_request: "这个地址不支持此请求。",
  no_such_app_here: "这个地址上没有此 SDKAppID。",
  no_such_app_in_region: "这个地域中没有此 SDKAppID。",
  app_disabled: "腾讯云已停用这个应用。",
  request_disabled: "腾讯云已禁止这个应用使用此请求。",
  package_expired: "应用的套餐包已过期。",
  address_not_allowed: "腾讯云不接受从这台电脑的 IP 地址为这个应用发出的请求。",
  address_or_callback_refused: "腾讯云不接受回调地址，或其中某种回调。",
  configuration_exists: "回调配置已经存在。",
  no_token: "腾讯云上没有设置回调令牌。",
  room_exists: "房间已经存在。",
  no_room: "房间不存在，或已经结束。",
  room_full: "房间人数已满。",
  not_in_room: "用户不在房间里。",
  banned: "用户已被房间封禁或禁言。",
  no_call: "通话不存在，或已经结束。",
  no_record: "腾讯云没有这次通话的记录。通话结束约 5 秒后才有记录，保留 7 天。",
  reply_passed_on: "对询问是否允许的回调的答复已转给用户。",
  unexplained: "腾讯云返回了文档中没有说明的错误码。",
};

const advice: Record<TencentAdvice, string> = {
  enter_key: "请按照控制台的显示，重新填写这个 SDKAppID 的 SDKSecretKey。",
  enter_key_and_wait: "请填写正确的 SDKSecretKey，等待几分钟后重试。",
  make_key: "请在控制台生成密钥，并填写到这里。",
  check_clock: "请检查这台电脑的时间是否准确，然后重试。如果时间没有问题，请重新填写 SDKSecretKey。",
  enter_administrator: "请填写这个应用的管理员账号；腾讯云默认创建的管理员名为 administrator。",
  check_region: "请核对 SDKAppID，并选择创建应用时的地域。",
  try_later: "请几分钟后重试。如果一直如此，请联系腾讯云技术支持。",
  wait_a_minute: "请等待一分钟后重试。可能还有其他程序在为这个应用发送请求。",
  try_when_ended: "如果通话刚刚结束，请一分钟后重试。",
  report: "没有更改任何设置。这很可能是 Calltrail 的缺陷，请附上错误码反馈给我们。",
  buy_package: "请在控制台购买或续费套餐包，或开通试用，然后重试。",
  look_at_app: "请在控制台查看这个应用，它可能已停用或欠费。",
  ask_support: "请联系腾讯云技术支持开通，或在控制台中设置回调。",
  allow_address: "请在控制台把当前网络的公网 IP 加入这个应用的 IP 白名单。",
  check_address: "请检查设置中的公网地址，然后重新提交。",
  check_address_and_callbacks: "请检查设置中的公网地址。如果地址没有问题，可能是某种回调在这个地域不可用：请关闭最近选择的几种，再重试。",
  choose_callbacks: "请选择回调并提交更改。",
  read_again: "请重新查询腾讯云的当前设置，查看差异后再次提交。",
  set_token: "请设置令牌，或把这里的 Live 令牌留空。",
  switch_permission_off: "请关闭询问是否允许的回调（Before…），除非有其他程序负责答复。",
  larger_package: "这里无需处理；更高的套餐支持更多人数。",
  room_stays: "无需处理。房间已有的记录会保留。",
  call_stays: "无需处理。通话已有的记录会保留。",
  nothing: "这里无需处理。",
};

/** Why a request got no answer. */
export const noAnswer: Sentences<NoAnswer> = {
  in_time: () => "没有及时收到应答",
  refused: () => "连接被拒绝",
  no_such_name: () => "无法解析主机名",
  other: ({ said }) => said,
  failed: () => "连接失败",
};

const oddAnswer: Sentences<OddAnswer> = {
  http_status: ({ status }) => `HTTP 状态码 ${status}`,
  too_long: () => "应答内容过长",
  not_json: () => "应答不是 JSON",
  not_object: () => "应答不是 JSON 对象",
  no_error_code: () => "应答中没有错误码",
};

/** What happened. */
const happened: Sentences<TencentError> = {
  tencent_region: ({ region }) => `“${region}”既不是地域，也不是腾讯云 API 的地址。`,
  tencent_no_connections: ({ why }) => `这台电脑无法建立安全连接（${why}）。`,
  tencent_unreachable: ({ host, why }) => `无法连接腾讯云 API（${host}）：${say(noAnswer, why)}。`,
  tencent_not_tencent: ({ host, why }) => `${host} 有应答，但不是腾讯云 API 的应答：${say(oddAnswer, why)}。`,
  tencent_refused: (said) => what[said.what],
};

/** What to do. */
const remedies: Sentences<TencentError> = {
  tencent_region: () => "请选择地域，或填写主机名，例如 adminapisgp.im.qcloud.com（使用 https；只有本机可以用 http）。",
  tencent_no_connections: () => "请检查这台电脑的证书，然后重试。",
  tencent_unreachable: () => "据目前所知，腾讯云的设置没有改变。请检查网络连接和应用的地域，然后重试。",
  tencent_not_tencent: () => "请检查应用的地域或地址。",
  tencent_refused: (said) => advice[said.advice],
};

/** Tencent's error code, with its own words where it has any. */
const errorCode = (code: number, info: string) => (info === "" ? `腾讯云错误码 ${code}` : `腾讯云错误码 ${code}：“${info}”`);

const problems: Sentences<TencentError> = {
  ...inTurn(happened, remedies, punctuation.sentences),
  tencent_refused: (said) => `${what[said.what]}${advice[said.advice]}（${errorCode(said.tencent_code, said.info)}）`,
};

export const tencent: typeof english = { happened, remedies, problems, errorCode };
