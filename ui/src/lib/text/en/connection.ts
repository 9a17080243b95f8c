/** Words of the connection card and of the ways in. */
import { count } from "./count";

export const connection = {
  title: "Connection",
  help: "A call becomes a message from Tencent, and the message has to find its way here. Each step shows when it was last seen to work.",
  verdicts: {
    whole: "All four steps are proven.",
    attention: "Something needs you.",
    unproven: "Not everything is proven yet.",
  },
  links: {
    listener: "Calltrail listens on this computer",
    address: "Tencent has your address",
    commands: "Tencent sends what you want to keep",
    callback: "Messages arrive",
  },
  states: { ok: "Works", attention: "Needs attention", off: "Off", unknown: "Not known yet" },
  /** When it was last proven. */
  proof: {
    listener: (ago: string) => `last proven ${ago}`,
    address: (ago: string) => `read from Tencent ${ago}`,
    commands: (ago: string) => `read from Tencent ${ago}`,
    callback: (ago: string) => `last one ${ago}`,
  },
  noProof: { listener: "not tested yet", address: "never read", commands: "never read", callback: "none so far" },
  testLocal: "Test on this computer",
  testPublic: "Test the way in",
  testPublicHelp: "Sends a test through your public address, the way Tencent comes.",
  testing: "Sent. Waiting for it to arrive…",
  arrived: { local: (time: string) => `The test arrived at ${time} and is on disk.`, public: (time: string) => `The test came in through your public address at ${time} and is on disk.` },
  missing: "The test was sent and has not appeared in the record for 10 seconds. See Deliveries, also the refused requests below the list.",
  noPublic: "Tencent needs a public address that leads to this computer.",
  ways: "Make it reachable",
  waysLong: "See how, with the exact commands",
  read: "Ask Tencent",
  reading: "Asking Tencent…",
  readDone: (n: number) => `Tencent answered for ${count(n, "product", "products")}.`,
  readFailed: (what: string, why: string) => `${what}: ${why}`,
  noKey: "Tencent answers only with an app's SDKSecretKey. Enter it under Apps.",
  noApps: "Add your app first.",
  callbacks: "Callbacks",
  tryCall: "To test it, make a short call with your app: it shows here within seconds.",
  deliveries: "Deliveries",
  clock: "Clock",
};

export const ways = {
  title: "Make it reachable",
  lead: "Tencent is on the internet, and Calltrail listens on this computer only. One of these ways leads Tencent here. Whichever you take, only the callback address is answered; your record and this window are never reachable through it.",
  listens: "Calltrail listens at",
  which: "Which one?",
  whichBody: "For a first try take Cloudflare's quick tunnel: no account, one command. To keep it running without a server of your own take Tailscale Funnel or ngrok: the address stays the same. With a server of your own take SSH or a reverse proxy.",
  good: "Good for",
  needs: "Needs",
  exposed: "What others can see",
  after: "Then",
  names: {
    cloudflared: "Cloudflare Tunnel",
    tailscale: "Tailscale Funnel",
    ngrok: "ngrok",
    ssh: "SSH to a server of yours",
    proxy: "Reverse proxy",
    forwarding: "Port forwarding in the router",
  },
  /** One line beside the name. */
  short: {
    cloudflared: "no account for a first try",
    tailscale: "free, address stays",
    ngrok: "free account, address stays",
    ssh: "your server, your domain",
    proxy: "when Calltrail runs on or beside your web server",
    forwarding: "no other program, but not encrypted",
  },
  goodFor: {
    cloudflared: "A first try in a minute. With a domain of your own at Cloudflare also for good.",
    tailscale: "A computer that stays at its desk: it goes on after a restart, and the address never changes.",
    ngrok: "An address that stays, without a domain or a server. The free plan counts each callback; it ends at 20,000 requests a month.",
    ssh: "When you have a small server on the internet and want nobody else in between.",
    proxy: "When Calltrail runs on the server itself, or on a computer in the same network as your web server.",
    forwarding: "A network where you look after the router and nothing else can be installed.",
  },
  need: {
    cloudflared: "The program cloudflared. For a lasting address also a Cloudflare account with a domain in it.",
    tailscale: "Tailscale on this computer, signed in. The first time it opens a page that asks whether Funnel may be used. On Linux put sudo in front of the commands.",
    ngrok: "The program ngrok and a free account. Its dashboard shows your authtoken and your own domain, which ends with ngrok-free.dev or ngrok-free.app.",
    ssh: "A server that you reach with SSH, a domain name that leads to it, and Caddy or nginx on it.",
    proxy: "A domain name that leads to the server, and Caddy or nginx on it.",
    forwarding: "A router with a public address of its own. Many providers share one among customers; then this cannot work.",
  },
  exposes: {
    cloudflared: "Encryption ends at Cloudflare, so Cloudflare could read the callbacks. Nothing is opened in your router.",
    tailscale: "Encryption ends on this computer; Tailscale only passes sealed data on. The computer's name becomes public in the list of certificates. Nothing is opened in your router.",
    ngrok: "Encryption ends at ngrok, so ngrok could read the callbacks, and its inspector keeps the last ones to be looked at. Nothing is opened in your router.",
    ssh: "Encryption ends on your server. Only addresses that begin with /hook/ lead here; everything else is answered there. Nothing is opened in your router.",
    proxy: "Encryption ends on your server. Only addresses that begin with /hook/ are passed on.",
    forwarding: "Callbacks cross the internet in the clear, and with them the secret in the callback address: who can listen on the way can read them, and send false ones. The port can be found by everybody. Anything but the callback address is answered with 404.",
  },
  warnings: {
    cloudflared: "A quick tunnel gets a new address each time it is started, and Cloudflare promises nothing for it. After a restart enter the new address here and set it at Tencent again.",
    tailscale: "",
    ngrok: "Without --url an older account may get another address at each start. Take the line with your own domain.",
    ssh: "The connection lives as long as the command runs. Let the system start it again by itself (systemd, launchd, autossh).",
    proxy: "",
    forwarding: "Use it for a try, and put a reverse proxy with encryption in front for anything that lasts. Tencent's console may also refuse addresses with an unusual port.",
  },
  /** What each command does, by way and id. */
  codes: {
    cloudflared: {
      quick: "For a try. It prints an address that ends with trycloudflare.com:",
      login: "For good, once. Sign in and choose your domain:",
      create: "Make a tunnel:",
      route: "Give it a name in your domain:",
      run: "Then keep this running:",
    },
    tailscale: {
      funnel: "Open the way; it stays open after a restart:",
      status: "See the address (it ends with ts.net):",
      reset: "Close it again:",
    },
    ngrok: {
      token: "Once, with the authtoken from ngrok's dashboard:",
      http: "Open the way:",
      fixed: "Or, with your own domain from the dashboard:",
    },
    ssh: {
      ssh: "Keep this running on this computer, with your own user and server:",
      caddy: "On the server, with Caddy (it fetches its certificate itself), in the Caddyfile:",
      nginx: "Or with nginx:",
    },
    proxy: {
      caddy: "With Caddy (it fetches its certificate itself), in the Caddyfile:",
      nginx: "Or with nginx:",
    },
    forwarding: {
      listen: "Now Calltrail listens to this computer only. Start it so that your network reaches it (in the window: write this address as hook into config.json in the data folder, and start again):",
    },
  },
  /** For the copy buttons. */
  copyCommand: (what: string) => `Copy the command: ${what}`,
  copyFile: (what: string) => `Copy the text: ${what}`,
  proxyElsewhere: (address: string) =>
    `This is right when the proxy runs on this computer. When it runs on another one, let Calltrail listen to your network (see port forwarding) and write this computer's address in place of ${address}.`,
  forwardingSteps: (port: string, computer: string, example = "203.0.113.7") => [
    `In the router's settings, under port forwarding (also called virtual server or NAT), add a rule: protocol TCP, outside port ${port}, to ${computer}, port ${port}.`,
    `Give this computer a fixed address in the router, so that the rule stays right.`,
    `Your public address is the router's address on the internet with the port behind it, for example http://${example}:${port}. The router's status page shows it.`,
  ],
  thisComputer: "this computer's address in your network",
  findAddress: "This computer's address: Windows ipconfig, macOS ipconfig getifaddr en0, Linux hostname -I.",
  enter: "Enter the address that it shows",
  enterBody: "Only the beginning, such as the part with https and the name; Calltrail adds the secret rest. Then test the way in, and set the address at Tencent under Callbacks.",
  back: "Back to Settings",
};
