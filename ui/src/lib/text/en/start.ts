/** The words of the first steps. */
export const start = {
  title: "Three steps to your first call",
  lead: "Calltrail keeps every call that Tencent RTC reports. Tencent reports a call by sending a small message, a callback, to an address that you choose.",
  one: "Give Tencent this address",
  oneBody:
    "Calltrail listens on this computer, at the address below. Tencent is on the internet, so it needs a public address that leads here: a tunnel, or a reverse proxy on your server that passes requests on to it.",
  onePublic: "If you have a public address, enter it here, and Calltrail builds the one for Tencent from it. You can also do this later, in Settings.",
  oneWhere:
    "You do not have to enter it anywhere yourself: once your app is added with its SDKSecretKey, Calltrail sets it at Tencent for you, under {callbacks}.",
  oneWhereElse:
    "Room and media events of RTC Engine are the exception: enter the address in the Tencent RTC console, under Callback Configuration of your app. It is the same address for all of them.",
  two: "Add your app",
  twoBody: "The SDKAppID is the number next to your application's name in the Tencent RTC console. Only callbacks of the apps that you add go into the record.",
  twoKey:
    "The SDKSecretKey is in the same place, in the app's basic information. With it, Calltrail checks and sets what Tencent sends; it stays on this computer and is not shown again. Callbacks are received without it too.",
  twoDone: "Added:",
  twoSecret: "SDKSecretKey still missing for",
  twoSecretGo: "Enter it in Settings",
  twoNext: "Now Calltrail can check what Tencent sends, and set it:",
  twoNextGo: "Choose what Tencent sends",
  three: "Send a test callback",
  threeBody: "Calltrail sends a test callback to its own address on this computer, where Tencent's callbacks arrive too, and waits until it is on disk.",
  send: "Send a test callback",
  again: "Send another",
  sending: "Sent. Waiting for it to arrive…",
  arrived: (time: string) => `It arrived at ${time} and is on disk.`,
  arrivedNote: "Receiving and recording work on this computer. The first real call will show whether Tencent can reach it.",
  notArrived: "It was sent but did not appear in the record within 10 seconds. Look in Deliveries, also at the refused requests below the list.",
  stay: "Should Calltrail start when you log in?",
  stayBody: "Calltrail receives callbacks only while it runs. If it starts by itself, none are missed after this computer was restarted.",
  finish: "Go to Calls",
  skip: "Skip for now",
};
