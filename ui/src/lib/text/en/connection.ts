/** Words of the connection card and of the page that says how to make this computer reachable. */
import { count } from "./count";

export const connection = {
  title: "Connection",
  help: "Tencent reports calls by sending messages, and they have to reach this computer. Each step shows when it was last seen to work.",
  verdicts: {
    whole: "Every step works.",
    attention: "Something needs your attention.",
    unproven: "Not every step is confirmed yet.",
  },
  links: {
    listener: "Calltrail listens on this computer",
    public: "Your public address leads here",
    address: "Tencent has your address",
    commands: "Tencent sends what you want to keep",
    callback: "Messages arrive",
  },
  /** What to do, by what is known of the first step that is not well. */
  nextStep: (sentence: string) => `Next: ${sentence}`,
  next: {
    nothing_came_in: "send a test on this computer.",
    port_closed: "see to the port. Nothing arrives while it is closed.",
    public_none: "make this computer reachable, and enter its public address.",
    public_not_tried: "test the public address.",
    public_elsewhere: "make the tunnel or proxy lead to this computer, or correct the public address.",
    public_silent: "start the tunnel or proxy again, or correct the public address.",
    public_unknown: "make a short call with your app. If it appears, the public address works for Tencent.",
    drift: "look at what was changed under Callbacks, and accept it or set yours again.",
    not_read: "check with Tencent again, once what it says is put right.",
    address_other: "choose callbacks and apply them, so that Tencent sends to this computer.",
    address_none: "choose callbacks and apply them, so that Tencent sends to this computer.",
    no_key: "enter the app's SDKSecretKey in Settings, so that Calltrail can check with Tencent.",
    no_app: "add your app.",
    not_asked: "check with Tencent.",
    after_address: "check with Tencent.",
    command_off: "switch the missing callback on under Callbacks.",
    no_callback: "make a short call with your app.",
    callbacks_in_future: "set this computer's clock.",
    callback_old: "make a short call with your app.",
  },
  states: { ok: "Works", attention: "Needs attention", off: "Off", unknown: "Not known yet" },
  /** When it was last seen to work. */
  proof: {
    listener: (ago: string) => `last confirmed ${ago}`,
    public: (ago: string) => `last proven ${ago}`,
    address: (ago: string) => `checked with Tencent ${ago}`,
    commands: (ago: string) => `checked with Tencent ${ago}`,
    callback: (ago: string) => `last one ${ago}`,
  },
  noProof: { listener: "not tested yet", public: "not proven yet", address: "not checked yet", commands: "not checked yet", callback: "none so far" },
  testLocal: "Test on this computer",
  testPublic: "Test the public address",
  testPublicHelp: "Sends a test through your public address, the way Tencent does.",
  testing: "Sent. Waiting for it to arrive…",
  arrived: {
    local: (time: string) => `The test arrived at ${time} and is on disk.`,
    public: (time: string) => `The test came in through your public address at ${time} and is on disk.`,
  },
  missing: "The test was sent but did not appear in the record within 10 seconds. Look in Deliveries, also at the refused requests below the list.",
  noPublic: "Tencent needs a public address that leads to this computer.",
  ways: "Make it reachable",
  waysLong: "See how, with the exact commands",
  read: "Check with Tencent",
  reading: "Checking with Tencent…",
  readDone: (n: number) => `Tencent answered for ${count(n, "product", "products")}.`,
  readFailed: (what: string, why: string) => `${what}: ${why}`,
  noKey: "Tencent answers only those who have the app's SDKSecretKey. Enter it under Apps.",
  noApps: "Add your app first.",
  callbacks: "Callbacks",
  tryCall: "To test it, make a short call with your app: it appears here within seconds.",
  deliveries: "Deliveries",
  clock: "Clock",
};

export const ways = {
  title: "Make it reachable",
  lead: "Tencent is on the internet, while Calltrail listens on this computer only. Each of these methods lets Tencent reach it. Whichever you choose, only the callback address is answered; your record and this window can never be reached through it.",
  listens: "Calltrail listens at",
  which: "Which one?",
  whichBody:
    "For a first try, use Cloudflare's quick tunnel: no account, one command. For permanent use without your own server, use Tailscale Funnel or ngrok: the address stays the same. With your own server, use SSH or a reverse proxy.",
  good: "Good for",
  needs: "Needs",
  exposed: "What others can see",
  names: {
    cloudflared: "Cloudflare Tunnel",
    tailscale: "Tailscale Funnel",
    ngrok: "ngrok",
    ssh: "SSH to your own server",
    proxy: "Reverse proxy",
    forwarding: "Port forwarding on the router",
  },
  /** One line beside the name. */
  short: {
    cloudflared: "no account needed for a first try",
    tailscale: "free, address stays the same",
    ngrok: "free account, address stays the same",
    ssh: "your server, your domain",
    proxy: "when Calltrail runs on or next to your web server",
    forwarding: "no extra program, but not encrypted",
  },
  goodFor: {
    cloudflared: "A first try in a minute. With your own domain at Cloudflare, permanent use too.",
    tailscale: "A computer that stays in one place: Funnel continues after a restart, and the address never changes.",
    ngrok: "A permanent address without a domain or a server. The free plan counts each callback and is limited to 20,000 requests a month.",
    ssh: "When you have a small server on the internet and want nobody else in between.",
    proxy: "When Calltrail runs on the server itself, or on a computer on the same network as your web server.",
    forwarding: "A network where you manage the router and cannot install anything else.",
  },
  need: {
    cloudflared: "The program cloudflared. For a permanent address, also a Cloudflare account with a domain in it.",
    tailscale:
      "Tailscale on this computer, signed in. The first time, it opens a page that asks you to allow Funnel. On Linux, put sudo in front of the commands.",
    ngrok: "The program ngrok and a free account. Its dashboard shows your authtoken and your own domain, which ends in ngrok-free.dev or ngrok-free.app.",
    ssh: "A server that you can reach with SSH, a domain name that points to it, and Caddy or nginx on it.",
    proxy: "A domain name that points to the server, and Caddy or nginx on it.",
    forwarding: "A router with its own public address. Many internet providers share one address between several customers; then this cannot work.",
  },
  exposes: {
    cloudflared: "Encryption ends at Cloudflare, so Cloudflare could read the callbacks. No port is opened on your router.",
    tailscale:
      "Encryption ends on this computer; Tailscale only passes on encrypted data. The computer's name becomes public, because certificates are listed publicly. No port is opened on your router.",
    ngrok:
      "Encryption ends at ngrok, so ngrok could read the callbacks, and its traffic inspector keeps the latest ones for viewing. No port is opened on your router.",
    ssh: "Encryption ends on your server. Only requests whose path begins with /hook/ are passed on; everything else is answered there. No port is opened on your router.",
    proxy: "Encryption ends on your server. Only requests whose path begins with /hook/ are passed on.",
    forwarding:
      "Callbacks cross the internet unencrypted, and so does the secret in the callback address: anyone listening on the way can read them and send false ones. Anyone can find the port. Anything but the callback address is answered with 404.",
  },
  warnings: {
    cloudflared:
      "A quick tunnel gets a new address each time it is started, and Cloudflare gives no guarantees for it. After a restart, enter the new address here and set it at Tencent again.",
    tailscale: "",
    ngrok: "Without --url, an older account may get a different address at each start. Use the command with your own domain.",
    ssh: "The connection lasts only as long as the command runs. Have it restarted automatically (systemd, launchd, autossh).",
    proxy: "",
    forwarding:
      "Use it for a first try only; for permanent use, put a reverse proxy with encryption in front. Tencent's console may also refuse addresses with an unusual port.",
  },
  /** What each command does, by way and id. */
  codes: {
    cloudflared: {
      quick: "For a first try. It prints an address that ends in trycloudflare.com:",
      login: "For permanent use. Once: sign in and choose your domain:",
      create: "Create a tunnel:",
      route: "Give it a name in your domain:",
      run: "Then keep this running:",
    },
    tailscale: {
      funnel: "Switch Funnel on; it stays on after a restart:",
      status: "See the address (it ends in ts.net):",
      reset: "Switch it off again:",
    },
    ngrok: {
      token: "Once, with the authtoken from ngrok's dashboard:",
      http: "Start the tunnel:",
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
      listen:
        "At the moment, Calltrail listens on this computer only. Start it like this, so that your network can reach it (in the desktop app: set hook in config.json, in the data folder, to the address at the end of this command, and restart):",
    },
  },
  /** For the copy buttons. */
  copyCommand: (what: string) => `Copy the command: ${what}`,
  copyFile: (what: string) => `Copy the text: ${what}`,
  proxyElsewhere: (address: string) =>
    `This is for a proxy on this computer. If it runs on another one, let Calltrail listen on your network (see port forwarding) and use this computer's address instead of ${address}.`,
  forwardingSteps: (port: string, computer: string, example = "203.0.113.7") => [
    `In the router's settings, under port forwarding (also called virtual server or NAT), add a rule: protocol TCP, external port ${port}, to ${computer}, port ${port}.`,
    `Give this computer a fixed address in the router, so that the rule keeps working.`,
    `Your public address is the router's address on the internet, followed by the port, for example http://${example}:${port}. The router's status page shows it.`,
  ],
  thisComputer: "this computer's address in your network",
  findAddress: "To find this computer's address: ipconfig on Windows, ipconfig getifaddr en0 on macOS, hostname -I on Linux.",
  enter: "Enter your public address",
  enterBody:
    "Only the beginning is needed, such as https:// and the name. Calltrail adds the secret part. Then test the public address, and set it at Tencent under Callbacks.",
  back: "Back to Settings",
};
