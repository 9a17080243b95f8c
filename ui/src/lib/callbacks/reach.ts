/** Whether a region is an address on this computer: there Tencent is played by the sandbox, which reaches it without a public address. */
export const isHere = (region: string): boolean => /^https?:\/\/(127(\.\d+){3}|localhost|\[::1\])(:\d+)?(\/|$)/.test(region);
