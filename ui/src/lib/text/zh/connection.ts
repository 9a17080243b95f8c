/** Words of the connection card and of the page that says how to make this computer reachable, in Chinese. */
import type { connection as english, ways as englishWays } from "../en/connection";
import { count } from "./count";

export const connection: typeof english = {
  title: "连接状态",
  help: "腾讯云通过发送消息上报通话，消息要能到达这台电脑。每一步都标有最近一次确认正常的时间。",
  verdicts: {
    whole: "四个步骤都正常。",
    attention: "有问题需要处理。",
    unproven: "还有步骤尚未确认。",
  },
  links: {
    listener: "Calltrail 在这台电脑上监听",
    address: "腾讯云已登记回调地址",
    commands: "腾讯云发送需要保存的内容",
    callback: "消息能够到达",
  },
  states: { ok: "正常", attention: "需要处理", off: "未开启", unknown: "待确认" },
  proof: {
    listener: (ago) => `上次确认：${ago}`,
    address: (ago) => `上次向腾讯云查询：${ago}`,
    commands: (ago) => `上次向腾讯云查询：${ago}`,
    callback: (ago) => `最近一条：${ago}`,
  },
  noProof: { listener: "尚未测试", address: "尚未查询", commands: "尚未查询", callback: "尚未收到" },
  testLocal: "在这台电脑上测试",
  testPublic: "测试公网地址",
  testPublicHelp: "像腾讯云一样，经公网地址发送一条测试消息。",
  testing: "已发送，正在等待到达…",
  arrived: { local: (time) => `测试消息已于 ${time} 到达并写入磁盘。`, public: (time) => `测试消息已于 ${time} 经公网地址到达并写入磁盘。` },
  missing: "测试消息已发送，但 10 秒内没有出现在记录中。请查看“回调消息”，以及列表下方被拒绝的请求。",
  noPublic: "腾讯云需要一个能连到这台电脑的公网地址。",
  ways: "接通公网",
  waysLong: "查看接通方法和具体命令",
  read: "向腾讯云查询",
  reading: "正在向腾讯云查询…",
  readDone: (n) => `腾讯云已返回 ${count(n, "个产品")}的设置。`,
  readFailed: (what, why) => `${what}：${why}`,
  noKey: "向腾讯云查询需要应用的 SDKSecretKey，请在“应用”中填写。",
  noApps: "请先添加应用。",
  callbacks: "回调设置",
  tryCall: "想试一试，可以用应用拨打一次简短的通话，几秒内就会显示在这里。",
  deliveries: "回调消息",
  clock: "时钟",
};

export const ways: typeof englishWays = {
  title: "接通公网",
  lead: "腾讯云在互联网上，而 Calltrail 只在这台电脑上监听。下面每种方法都能让腾讯云连到这里。无论选哪种，对外只响应回调地址，记录和本窗口都无法从外部访问。",
  listens: "Calltrail 的监听地址：",
  which: "怎么选？",
  whichBody:
    "先试一试：用 Cloudflare 快速隧道，无需账号，一条命令即可。没有自己的服务器但要长期使用：用 Tailscale Funnel 或 ngrok，地址保持不变。有自己的服务器：用 SSH 或反向代理。",
  good: "适合",
  needs: "需要",
  exposed: "外部能看到什么",
  names: {
    cloudflared: "Cloudflare Tunnel",
    tailscale: "Tailscale Funnel",
    ngrok: "ngrok",
    ssh: "SSH 到自己的服务器",
    proxy: "反向代理",
    forwarding: "路由器端口转发",
  },
  short: {
    cloudflared: "试用无需账号",
    tailscale: "免费，地址不变",
    ngrok: "免费账号，地址不变",
    ssh: "自己的服务器，自己的域名",
    proxy: "Calltrail 与 Web 服务器在同一台机器或同一网络",
    forwarding: "无需其他程序，但不加密",
  },
  goodFor: {
    cloudflared: "一分钟就能试用。在 Cloudflare 有自己的域名时，也可以长期使用。",
    tailscale: "位置固定的电脑：重启后 Funnel 自动恢复，地址始终不变。",
    ngrok: "没有域名和服务器，又需要固定地址。免费套餐每条回调都计数，每月上限为 20,000 次请求。",
    ssh: "有一台小型公网服务器，并且不希望经过第三方。",
    proxy: "Calltrail 运行在服务器上，或运行在与 Web 服务器同一网络的电脑上。",
    forwarding: "路由器由自己管理，又无法安装其他程序的网络。",
  },
  need: {
    cloudflared: "cloudflared 程序。要使用固定地址，还需要一个已添加域名的 Cloudflare 账号。",
    tailscale: "在这台电脑上安装并登录 Tailscale。首次使用时会打开一个网页，请求允许使用 Funnel。在 Linux 上，命令前要加 sudo。",
    ngrok: "ngrok 程序和一个免费账号。ngrok 的 Dashboard 会显示 authtoken 和专属域名，域名以 ngrok-free.dev 或 ngrok-free.app 结尾。",
    ssh: "一台可以用 SSH 登录的服务器、一个指向它的域名，服务器上装有 Caddy 或 nginx。",
    proxy: "一个指向服务器的域名，服务器上装有 Caddy 或 nginx。",
    forwarding: "路由器有独立的公网 IP 地址。许多运营商让多个用户共用一个地址，这种情况下无法使用。",
  },
  exposes: {
    cloudflared: "加密到 Cloudflare 为止，因此 Cloudflare 能够读取回调。路由器上不开放端口。",
    tailscale: "加密一直到这台电脑，Tailscale 只转发加密数据。证书是公开登记的，因此电脑名称会公开。路由器上不开放端口。",
    ngrok: "加密到 ngrok 为止，因此 ngrok 能够读取回调，它的流量查看器还会保留最近的回调供查看。路由器上不开放端口。",
    ssh: "加密到自己的服务器为止。只有路径以 /hook/ 开头的请求会转发到这里，其余由服务器直接应答。路由器上不开放端口。",
    proxy: "加密到自己的服务器为止。只转发路径以 /hook/ 开头的请求。",
    forwarding:
      "回调在互联网上明文传输，回调地址中的令牌也一样：途中的监听者可以读取回调，也可以发送伪造的回调。任何人都能发现这个端口。除回调地址外，一律返回 404。",
  },
  warnings: {
    cloudflared: "快速隧道每次启动都会更换地址，Cloudflare 对它不作任何保证。重启后，请在这里填写新地址，并重新设置到腾讯云。",
    tailscale: "",
    ngrok: "不加 --url 时，较早的账号每次启动可能得到不同的地址。请使用带专属域名的那条命令。",
    ssh: "命令停止，连接就会中断。请设置为自动重新启动（systemd、launchd、autossh）。",
    proxy: "",
    forwarding: "只适合试用；长期使用请在前面加一个带加密的反向代理。腾讯云控制台也可能不接受使用非常用端口的地址。",
  },
  codes: {
    cloudflared: {
      quick: "试用。运行后会显示一个以 trycloudflare.com 结尾的地址：",
      login: "长期使用。只需一次，登录并选择域名：",
      create: "创建隧道：",
      route: "在域名下为它指定一个名称：",
      run: "然后保持这条命令运行：",
    },
    tailscale: {
      funnel: "开启 Funnel，重启后仍然有效：",
      status: "查看地址（以 ts.net 结尾）：",
      reset: "关闭 Funnel：",
    },
    ngrok: {
      token: "只需一次，填入 ngrok Dashboard 中的 authtoken：",
      http: "启动隧道：",
      fixed: "或使用 Dashboard 中的专属域名：",
    },
    ssh: {
      ssh: "在这台电脑上保持运行，并换成自己的用户名和服务器：",
      caddy: "在服务器上使用 Caddy（证书由它自动获取），写入 Caddyfile：",
      nginx: "或使用 nginx：",
    },
    proxy: {
      caddy: "使用 Caddy（证书由它自动获取），写入 Caddyfile：",
      nginx: "或使用 nginx：",
    },
    forwarding: {
      listen:
        "目前 Calltrail 只监听这台电脑。这样启动后，局域网就能连到它（桌面版：在数据文件夹的 config.json 中，把 hook 设为这条命令末尾的地址，然后重新启动）：",
    },
  },
  copyCommand: (what) => `复制命令：${what}`,
  copyFile: (what) => `复制文本：${what}`,
  proxyElsewhere: (address) =>
    `以上适用于代理运行在这台电脑上的情况。如果代理在另一台电脑上，请让 Calltrail 监听局域网（见“路由器端口转发”），并把 ${address} 换成这台电脑的地址。`,
  forwardingSteps: (port, computer, example = "203.0.113.7") => [
    `在路由器设置的“端口转发”（也叫“虚拟服务器”或“NAT”）中添加一条规则：协议：TCP；外部端口：${port}；内部地址：${computer}；内部端口：${port}。`,
    "在路由器中为这台电脑设置固定地址，规则才会一直有效。",
    `公网地址是路由器的公网 IP 地址加上端口，例如 http://${example}:${port}。路由器的状态页上可以查到。`,
  ],
  thisComputer: "这台电脑的局域网地址",
  findAddress: "查看这台电脑的地址：Windows 用 ipconfig，macOS 用 ipconfig getifaddr en0，Linux 用 hostname -I。",
  enter: "填写公网地址",
  enterBody: "只需填写开头部分，例如 https:// 加域名，后面的令牌由 Calltrail 补全。然后测试公网地址，再到“回调设置”中把它设置到腾讯云。",
  back: "返回设置",
};
