import { locale } from "../text/language";

/** `0:04`, `12:30`, `1:02:03`: the way telephones write it. Nothing for what is not known. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** The same to be read aloud: `1 hour 2 minutes 3 seconds`. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ] as const;
  const said = parts.filter(([n, unit]) => n > 0 || (whole === 0 && unit === "second"));
  return list.format(said.map(([n, unit]) => inUnits(n, unit, "long")));
}

const list = new Intl.ListFormat(locale, { type: "unit", style: "narrow" });

/** Each row of a list has several, and a format costs far more to make than to use. */
const inUnit = (unit: string, more: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, { style: "unit", unit, ...more });
const spans = (unitDisplay: "short" | "long") => ({
  second: inUnit("second", { unitDisplay }),
  minute: inUnit("minute", { unitDisplay }),
  hour: inUnit("hour", { unitDisplay }),
  day: inUnit("day", { unitDisplay }),
});
const formats = { short: spans("short"), long: spans("long") };

/** `2 mins`, `1 day`, `3 hours`. */
export function inUnits(n: number, unit: "second" | "minute" | "hour" | "day", display: "short" | "long" = "short"): string {
  return formats[display][unit].format(n);
}

const plain = new Intl.NumberFormat(locale);
const oneDigit = { maximumFractionDigits: 1, minimumFractionDigits: 1 };
const sizes = [
  [1024 ** 3, inUnit("gigabyte", oneDigit)],
  [1024 ** 2, inUnit("megabyte", oneDigit)],
  [1024, inUnit("kilobyte", oneDigit)],
] as const;

/** `812 B`, `3.4 kB`, `1.2 GB`: what file managers show, by 1,024. */
export function bytes(n: number): string {
  const found = sizes.find(([size]) => n >= size);
  if (!found) return `${plain.format(n)} B`;
  const [size, format] = found;
  return format.format(n / size);
}
