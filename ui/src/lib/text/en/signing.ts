/** Words about the signing of Live callbacks, at the Live token of an app. */
export const signing = {
  title: "Signing at Tencent",
  asking: "Checking whether Tencent signs Live callbacks…",
  needsKey: "Once this app's SDKSecretKey is saved, Calltrail can create a token and set it at Tencent for you.",
  off: "Tencent does not sign Live callbacks, and nothing is checked.",
  both: "Tencent signs Live callbacks with this token, and Calltrail accepts only those.",
  onlyThere: "Tencent signs Live callbacks with a token that is not entered here. They are accepted unchecked.",
  onlyHere: "A token is set here, but Tencent does not sign, so all Live callbacks wait in quarantine.",
  differ: "Tencent signs Live callbacks with a different token from the one here, so all of them wait in quarantine.",
  unreadable: "Tencent signs Live callbacks, but the token here cannot be read, so all of them wait in quarantine.",
  unknown: (why: string) => `It is not known whether Tencent signs Live callbacks. ${why}`,
  deeds: {
    make: "Create a token and set it at Tencent",
    again: "Set this token at Tencent",
    take: "Use the token that Tencent has",
    stop: "Stop signing",
    ask: "Check again",
  },
  working: "Applying at Tencent and checking the result…",
  on: "Done: Tencent signs, and Calltrail checks. A Live callback that was sent before but arrives late waits in quarantine; you can release it.",
  stopped: "Done: Tencent no longer signs, and the token is forgotten here. Live callbacks are accepted unchecked.",
};
