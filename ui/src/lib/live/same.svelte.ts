/** A derived value that counts as new only when what it holds is new, so that a list is not asked again for an equal filter. */
export function sameOrNew<T>(read: () => T): { readonly value: T } {
  const written = $derived(JSON.stringify([read()]));
  const value = $derived((JSON.parse(written) as [T])[0] ?? undefined);
  return {
    get value() {
      return value as T;
    },
  };
}
