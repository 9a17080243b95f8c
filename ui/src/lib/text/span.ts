/** A length of time in its two largest units, such as `2 hours 1 minute`, in the language of a locale. */
export function spans(locale: string): (seconds: number) => string {
  const sizes = (
    [
      [86_400, "day"],
      [3_600, "hour"],
      [60, "minute"],
      [1, "second"],
    ] as const
  ).map(([size, unit]) => [size, new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" })] as const);
  const list = new Intl.ListFormat(locale, { type: "unit", style: "narrow" });
  return (seconds) => {
    let rest = Math.abs(seconds);
    const parts = sizes.map(([size, format]) => {
      const n = Math.floor(rest / size);
      rest -= n * size;
      return [n, format] as const;
    });
    const said = parts.filter(([n], at) => n > 0 || (seconds === 0 && at === parts.length - 1)).slice(0, 2);
    return list.format(said.map(([n, format]) => format.format(n)));
  };
}
