/** The words of people, in Chinese. */
import type { me as englishMe, people as english, selection as englishSelection, undo as englishUndo } from "../en/people";
import { count, grouped } from "./count";

export const people: typeof english = {
  show: "查看联系人",
  columns: { name: "姓名", id: "用户 ID", team: "团队", ours: "我方人员", calls: "通话数", notes: "备注数", last: "最近出现" },
  listed: (n) => count(n, "位联系人"),
  more: (n) => `+${n}`,
  unnamed: "未命名",
  never: "尚未出现在通话或房间中",
  yes: "是",
  emptyTitle: "还没有联系人",
  empty: "参与通话或进入房间的用户都会显示在这里。填写姓名后，所有列表都会用姓名代替 ID。",
  noneTitle: "没有符合筛选条件的联系人",
  none: "输入姓名、ID、团队或电话的一部分即可找到。",
  detail: "联系人详情",
  gone: "记录中没有这个 ID 的用户。",
  fields: {
    name: "姓名",
    team: "团队",
    ours: "我方人员",
    phone: "电话",
    email: "邮箱",
    comment: "说明",
    same_as: "同一人",
  },
  add: { name: "填写姓名", phone: "填写电话", email: "填写邮箱", comment: "填写说明" },
  addTeam: "选择团队",
  noTeam: "无团队",
  newTeam: (team) => `新建团队“${team}”`,
  oursHelp: "团队自己的人员。其他人打来而我方无人接听的通话计为未接来电。",
  first: "首次出现",
  last: "最近出现",
  seen: "出现记录",
  calls: "通话",
  rooms: "房间",
  callsGo: (n) => count(n, "次通话"),
  roomsGo: (n) => count(n, "条进房记录"),
  also: "另一台电脑同时填写了：",
  take: "采用",
  ids: "用户 ID",
  idsHelp: "同一个人的所有 ID 在筛选和列表中都算作这个人。",
  merge: "与此人相同…",
  mergeAsk: "添加此人的另一个 ID",
  apart: "拆分",
  history: "修改记录",
  historyNone: "还没有人填写过这位联系人的信息。",
  did: {
    set: (field) => `{who} 将${field}改为 {value}`,
    cleared: (field) => `{who} 清除了${field}`,
    ours: "{who} 标记为我方人员",
    theirs: "{who} 取消了我方人员标记",
    joined: "{who} 将 {id} 与 {value} 合并",
    parted: "{who} 拆分了 {id}",
    tagged: "{who} 添加了标签 {value}",
    untagged: "{who} 移除了标签 {value}",
  },
  told: {
    set: (field) => `已修改${field}`,
    cleared: (field) => `已清除${field}`,
    ours: (n) => `已将 ${grouped(n)} 人标记为我方人员`,
    theirs: (n) => `已取消 ${grouped(n)} 人的我方人员标记`,
    joined: (name) => `已合并 ${name}`,
    parted: (name) => `已拆分 ${name}`,
  },
  bulkOurs: "标记为我方人员",
  bulkTheirs: "取消我方人员标记",
};

export const me: typeof englishMe = {
  title: "您是谁？",
  why: "您写下的内容会带上您的姓名，方便团队知道是谁写的。之后可以在“设置”中修改。",
  name: "您的姓名",
  save: "继续",
  later: "以后再说",
  card: "您的姓名",
  cardHelp: "此后您写的备注、标签和联系人信息会带上这个姓名，之前写的保持原来的姓名。",
};

export const undo: typeof englishUndo = {
  label: "最近一次修改",
  button: "撤销",
  key: "Ctrl+Z",
  undone: (what) => `已撤销：${what}`,
};

export const selection: typeof englishSelection = {
  title: "已选中的行",
  selected: (what) => `已选中 ${what}`,
  all: (n) => `选择全部 ${n} 项`,
  none: "取消选择",
  keys: "空格键选择一行，Shift 加方向键选择多行，Ctrl+A 选择筛选出的全部，Escape 取消选择。",
};
