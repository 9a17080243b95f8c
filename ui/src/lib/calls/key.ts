/** A call's own key: the application is digits, so the first colon ends it. */
export function callKey(call: { app: string; call_id: string }): string {
  return `${call.app}:${call.call_id}`;
}

export function readCallKey(key: string): { app: string; call_id: string } | undefined {
  const colon = key.indexOf(":");
  return colon < 0 ? undefined : { app: key.slice(0, colon), call_id: key.slice(colon + 1) };
}

/** A link that shows a call in Calltrail's own window: `calltrail://call/1400123456/…`. */
export function callLink(call: { app: string; call_id: string }): string {
  return `calltrail://call/${call.app}/${encodeURIComponent(call.call_id)}`;
}
