/** Words about the signing of Live callbacks, at the Live token of an app. */
export const signing = {
  title: "Signing at Tencent",
  asking: "Asking Tencent whether it signs Live callbacks…",
  needsKey: "With this app's SDKSecretKey saved, Calltrail can make a token and set it at Tencent for you.",
  off: "Tencent does not sign Live callbacks, and nothing is checked.",
  both: "Tencent signs Live callbacks with this token, and Calltrail takes only those.",
  onlyThere: "Tencent signs Live callbacks with a token that is not entered here. They are taken unchecked.",
  onlyHere: "A token is set here, but Tencent does not sign. So all Live callbacks wait in quarantine.",
  differ: "Tencent signs Live callbacks with another token than the one here. So all of them wait in quarantine.",
  unreadable: "Tencent signs Live callbacks, but the token here cannot be read. So all of them wait in quarantine.",
  unknown: (why: string) => `It is not known whether Tencent signs Live callbacks. ${why}`,
  deeds: {
    make: "Make one and set it at Tencent",
    again: "Set this one at Tencent",
    take: "Use the one that Tencent has",
    stop: "Stop signing",
    ask: "Ask again",
  },
  working: "Telling Tencent, and reading back…",
  on: "Done: Tencent signs, and Calltrail checks. A Live callback from before that comes late waits in quarantine; you can release it.",
  stopped: "Done: Tencent no longer signs, and the token is forgotten here. Live callbacks are taken unchecked.",
};
