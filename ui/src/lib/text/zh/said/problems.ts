import type { ExportFailure, ForwardAnswer, PortClosed, RequestProblem, SecretFault } from "../../../api/types";
import { bytes } from "../../../format/duration";
import { clock } from "../../../format/time";
import { say, type Sentences } from "../../said";
import { apps } from "../apps";
import { grouped } from "../count";
import { causes } from "./causes";
import { rows, unmapped, unreadable } from "./contacts";
import { noAnswer } from "./tencent";

const COPY = "请从腾讯云控制台重新复制，不要带上其他内容。";

const faults: Sentences<SecretFault> = {
  empty: () => `内容为空。${COPY}`,
  control: () => `其中有换行或其他控制字符。${COPY}`,
  letter: ({ at, of }) => `其中有密钥不会包含的字符（共 ${of} 个字符，第 ${at} 个）。${COPY}`,
  not_text: () => `内容不是文本。${COPY}`,
  too_long: ({ most }) => `内容超过 ${grouped(most)} 字节。${COPY}`,
  long: ({ length, most }) => `共 ${grouped(length)} 个字符，最多只能有 ${grouped(most)} 个。${COPY}`,
  sign: ({ at, of }) => `共 ${of} 个字符，第 ${at} 个既不是字母也不是数字。${COPY}`,
};

const KEEPS = "Calltrail 会一直尝试这个地址，不会换成别的，因为腾讯云登记的就是它。";
const port: Sentences<PortClosed> = {
  port_taken: ({ address, port }) => `收不到回调：${address} 正被其他程序占用。请停止占用端口 ${port} 的程序（可能是另一个 Calltrail）。${KEEPS}`,
  port_forbidden: ({ address }) => `收不到回调：当前用户无权打开 ${address}。1024 以下的端口需要权限，请改用更大的端口，再由隧道或反向代理转发过来。${KEEPS}`,
  address_missing: ({ ip }) => `收不到回调：这台电脑目前没有地址 ${ip}。请连接相应的网卡，或换一个地址。${KEEPS}`,
  paused: ({ until_ms }) => `收不到回调：接收已暂停，${clock(until_ms, false)} 自动恢复。`,
  port_not_opened: ({ address, why }) => `收不到回调：无法打开 ${address}（${why}）。如果一直这样，请换一个地址。${KEEPS}`,
};

const failures: Sentences<ExportFailure> = {
  no_room: () => "磁盘空间不足，无法保存文件。请腾出空间或换个位置，然后重新导出。",
  not_written: ({ why }) => `文件无法写入：${why}。请腾出空间或换个位置，然后重新导出。`,
  not_a_file: ({ path }) => `${path} 不是普通文件，因此没有替换。请换一个文件名。`,
  target_not_written: ({ path, why }) => `${path} 无法写入：${why}。原有内容没有变化。`,
  folder_gone: ({ folder }) => `文件夹 ${folder} 不存在。请接上所在的磁盘或重新创建。`,
  not_whole: ({ missing }) => `正在重建记录，还差 ${grouped(missing)} 条回调消息。完成后请重新导出。`,
  not_read: ({ why }) => `无法读取记录：${why}`,
  broken_off: () => "Calltrail 出错，导出中断，没有写入文件。请反馈此问题。",
};

const requests: Sentences<RequestProblem> = {
  address_unusable: ({ why }) => `窗口发出的请求 Calltrail 无法识别（${why}）。请反馈此问题。`,
  body_unusable: ({ why }) => `窗口发出的数据 Calltrail 无法识别（${why}）。请反馈此问题。`,
  secrets_body_unusable: () => "窗口发出的密钥数据 Calltrail 无法识别。请反馈此问题。",
  page_size: ({ most, limit }) => `每页为 1 到 ${grouped(most)} 行，不能是 ${grouped(limit)} 行。`,
  cursor_unusable: () => "列表中没有这个位置，请从头开始。",
  cursor_stale: () => "列表中的这个位置已不存在，请从头开始。",
  number_too_large: ({ name, most }) => `数值“${name}”不能大于 ${most}。`,
  filter_too_long: ({ most }) => `筛选内容不能超过 ${grouped(most)} 个字符。`,
  filter_unknown_word: ({ name, words }) => `筛选项“${name}”只有这些值：${words.join("、")}。`,
  filter_unusable: ({ why }) => `无法使用此筛选：${why}`,
  zone_unusable: ({ why }) => `无法使用此时区：${why}`,
  digest_unusable: () => "消息摘要由 64 位十六进制数字组成。",
  app_id_unusable: () => "SDKAppID 是不以 0 开头的数字，例如 1400000000，可在腾讯云控制台的应用名称旁查看。",
  app_text_unusable: () => "名称和管理员账号都只能有一行，不超过 100 个字符。",
  secret_unusable: ({ secret, fault }) => `这不可能是 ${apps.kinds[secret].name}。${say(faults, fault)}`,
  public_url_unusable: () => "公网地址以 https:// 加域名开头，且不含问号。",
  public_url_no_address: () => "公网地址不是网址。",
  other_protocol: () => "Calltrail 不支持这种协议。",
  column_unknown: ({ name }) => `列表中没有“${name}”这一列。`,
  json_lines_whole: () => "回调消息的 JSON Lines 始终包含所有字段；要省略某些列，请选择其他格式。",
  contacts_unreadable: ({ why }) => say(unreadable, why),
  contacts_unmapped: ({ why }) => say(unmapped, why),
  contacts_too_many: ({ most, found }) => `没有导入任何内容：文件会更改 ${grouped(found)} 项，一次最多导入 ${grouped(most)} 项。请拆分后导入。`,
  entries_are_lines: () => "人工添加的内容只能导出为 JSON Lines。",
  field_unknown: ({ field }) => `未保存：此版本的 Calltrail 不认识字段“${field}”。`,
  value_unusable: ({ field }) => `未保存：该值不适用于字段“${field}”。`,
  text_too_long: ({ most }) => `未保存：内容超过 ${grouped(most)} 字节，请缩短后重试。`,
  too_many: ({ most, found }) => `一次最多修改 ${grouped(most)} 项，当前有 ${grouped(found)} 项。请先缩小列表范围。`,
  no_access: () => "打开此页面需要 `calltrail serve` 所显示链接中的密钥，请重新打开该链接。",
  other_page: () => "请求来自其他网页，已拒绝。",
  other_host: () => "Calltrail 只接受 127.0.0.1 和 localhost。请打开它所显示的地址。",
  no_such_address: ({ path }) => `Calltrail 没有地址 ${path}。`,
  no_such_file: () => "没有这个文件。",
  no_such_delivery: () => "记录中没有这条回调消息。",
  no_such_call: () => "记录中没有这个通话。",
  no_such_case: () => "该通话不是需要回访的未接来电。",
  no_such_person: () => "记录中没有此用户的通话或房间。",
  no_such_note: () => "这条备注已不存在。",
  no_such_room: () => "记录中没有这个房间。",
  forward_not_web: () => "请填写以 https:// 或 http:// 开头的地址。",
  forward_leads_back: () => "这个地址通向 Calltrail 自己，回调会循环转发。请填写另一个后端的地址。",
  forward_private: () => "这个地址在这台电脑上或在内网中。如果确实如此，请勾选后再次添加。",
  no_such_forward: () => "这个地址已不在列表中。",
  forward_unavailable: () => "Calltrail 无法记住转发进度（forward.db），原因见日志。回调仍会照常接收和记录。",
  schedule_name_unusable: () => "名称须为一行，1 到 200 个字符。",
  schedule_time_unusable: () => "请按 07:00 的格式填写时间。",
  schedule_folder_not_whole: () => "请填写完整的文件夹路径，例如 /数据/报表 或 D:\\报表。",
  schedule_no_folder: ({ folder }) => `文件夹 ${folder} 不存在。请先创建，或换一个。`,
  schedule_file_name_unusable: () => "文件不能这样命名。请去掉斜杠、冒号、问号和引号；花括号中只能使用说明里列出的名称。",
  schedule_same_files: ({ name }) => `${name}已在此文件夹中使用相同的文件名，请换一个文件名或文件夹。`,
  report_of_no_calls: () => "报告只能以通话为对象。",
  schedule_keep_unusable: ({ most }) => `可保留 1 到 ${grouped(most)} 个文件。`,
  no_such_schedule: () => "这个定时导出已不存在。",
  schedules_unavailable: () => "Calltrail 无法读取定时导出列表（schedules.json），原因见日志。回调仍会照常接收和记录。",
  link_name_unusable: () => "名称须为一行，1 到 200 个字符。",
  link_port_unusable: () => "端口须为 1024 到 65535。",
  link_port_ours: ({ port }) => `端口 ${String(port)} 由 Calltrail 自己使用，请换一个。`,
  no_such_link: () => "这个链接已不存在。",
  links_unavailable: () => "Calltrail 无法读取链接列表（links.json），原因见日志。回调仍会照常接收和记录。",
  no_such_backup: () => "这个备份已不存在。",
  no_such_export: () => "这个导出已不存在。",
  no_such_download: () => "没有这种导出。",
  method_unusable: ({ method }) => `此地址不能使用 ${method}。`,
  pages_are_read: () => "页面只能读取。",
  no_desktop: () => "这不是 Calltrail 自己的窗口，没有可更改的内容。",
  start_at_login_not_kept: ({ why }) => `登录时启动的设置未能更改：${why}`,
  file_not_shown: ({ why }) => `无法打开文件所在位置：${why} 文件仍保存在原处。`,
  no_save_dialog: () => "这里没有保存对话框，请直接下载文件。",
  downloads_busy: ({ most }) => `已有 ${most} 个下载正在进行，请等其中一个完成后再试。`,
  backup_busy: () => "正在备份或恢复，请等待完成。",
  review_busy: () => "正在重新处理，请等待完成。",
  test_unanswered: ({ why }) => `测试消息已发到这台电脑，但 Calltrail 的监听没有应答：${why}。`,
  test_not_back: ({ why }) => `测试消息没有经公网地址返回：${why}。请检查隧道或反向代理，并确认地址仍是它所显示的那个。`,
  not_listening: ({ why }) => (why ? say(port, why) : "Calltrail 目前没有监听，请稍后再试。"),
  no_public_url: () => "还没有公网地址，请先填写能连到这台电脑的地址。",
  ending: () => "Calltrail 正在退出。",
  ending_without_backup: () => "Calltrail 正在退出，没有备份。",
  rebuilding: ({ missing }) => `升级后正在重建记录，还差 ${grouped(missing)} 条回调消息。没有丢失任何内容，完成后请重试。`,
  no_room: ({ wanted, free }) => `磁盘空间不足，无法备份：需要 ${bytes(wanted)}，只剩 ${bytes(free)}。为了继续保存回调，没有写入任何内容。`,
  backup_failed: () => "备份未能完成，或没有通过检查。记录本身没有受影响，详情见 Calltrail 的日志。",
  restore_failed: () => "备份未能全部恢复。记录中的内容没有丢失，可以再试一次，详情见 Calltrail 的日志。",
  backup_newer: () => "备份来自更新版本的 Calltrail。没有更改任何内容，请使用更新的版本。",
  secret_not_kept: ({ why }) => `密钥未能更改。${why}`,
  settings_not_kept: ({ why }) => `设置未能保存，没有更改任何内容。${why}`,
  not_saved: ({ cause }) => `未能保存：${cause === "other" ? "详见日志。" : causes[cause]}之前保存的内容不受影响。请解决后再试。`,
  demo_failed: ({ why }) => `示例数据无法显示或移除：${why}`,
  internal: () => "Calltrail 内部出错。记录没有受影响，详情见 Calltrail 的日志。",
};

/** What another address answered to a callback that was sent on. */
const forward: Sentences<ForwardAnswer> = {
  taken: () => "已被接收",
  status: ({ status }) => `HTTP 状态码 ${status}`,
  nothing: ({ why }) => `没有应答（${say(noAnswer, why)}）`,
  leads_back: () => "它通向 Calltrail 自己",
  unreadable: () => "这条回调已无法读取",
};

export const problems = { requests, port, failures, forward, rows };
