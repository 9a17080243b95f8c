import type { OccupancyPoint, RoomDetailRow, StayRow, StepRow } from "../api/types";

/** A stretch of time, in Unix milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** Which time the chart and the bars show: that of the chosen life, otherwise the room's. It reaches to now while somebody is inside. */
export function spanOf(detail: Pick<RoomDetailRow, "room" | "lives" | "life">, nowMs: number): Span {
  const life = detail.lives.find((one) => one.n === detail.life);
  const from = life?.began_ms ?? detail.room.first_ms;
  const to = life?.ended_ms ?? (detail.room.inside > 0 ? Math.max(nowMs, detail.room.last_ms) : detail.room.last_ms);
  return { from, to: Math.max(to, from + 1000) };
}

/** The highest point; the earliest of several. */
export function peakOf(points: readonly OccupancyPoint[]): OccupancyPoint | undefined {
  return points.reduce<OccupancyPoint | undefined>((best, point) => (best === undefined || point.inside > best.inside ? point : best), undefined);
}

/** Where a moment lies in a span, from 0 to 1; what lies outside is at its edge. */
export function share(span: Span, ms: number): number {
  return Math.min(1, Math.max(0, (ms - span.from) / (span.to - span.from)));
}

/** The step line as an SVG path in a field of this size, with room above for `peak`. */
export function stepPath(points: readonly OccupancyPoint[], span: Span, peak: number, width: number, height: number): string {
  const y = (inside: number) => round(height - (peak === 0 ? 0 : (inside / peak) * height));
  const steps = points.map((point) => `H${round(share(span, point.at_ms) * width)}V${y(point.inside)}`);
  return `M0 ${height}${steps.join("")}H${width}`;
}

/** A stretch of a bar, in shares of the span. */
export interface Bar {
  left: number;
  width: number;
}

const bar = (span: Span, from: number, to: number): Bar => ({ left: share(span, from), width: share(span, to) - share(span, from) });

/**
 * The bar of a stay; nothing where no part of it is in the span. Who is inside is so up to now; a stay whose end was not
 * told is drawn to the end of the span when it fell silent, and a stay whose beginning was not told is one moment.
 */
export function barOf(stay: StayRow, span: Span): Bar | undefined {
  const from = stay.entered_ms ?? stay.left_ms;
  if (from === null) return undefined;
  const to = stay.left_ms ?? Math.max(span.to, from);
  return to < span.from || from > span.to ? undefined : bar(span, from, to);
}

/**
 * When the heartbeat was lost during a stay, as far as the steps tell. Only where they account for all of `away_seconds`:
 * the newest steps alone are known here, and half of the holes would be worse than none.
 */
export function holesOf(stay: StayRow, steps: readonly StepRow[]): Span[] {
  const { entered_ms: entered, left_ms: left } = stay;
  if (stay.away_seconds === 0 || entered === null) return [];
  const within = steps.filter((step) => step.user === stay.user && step.at_ms >= entered && (left === null || step.at_ms <= left));
  const holes: Span[] = [];
  let since: number | undefined;
  for (const step of within.toSorted((a, b) => a.at_ms - b.at_ms)) {
    if (step.action === "interrupt") since ??= step.at_ms;
    else if (since !== undefined && ["recover", "leave"].includes(step.action)) {
      holes.push({ from: since, to: step.at_ms });
      since = undefined;
    }
  }
  const told = holes.reduce((sum, hole) => sum + hole.to - hole.from, 0);
  return Math.floor(told / 1000) === stay.away_seconds ? holes : [];
}

export const holeBar = (span: Span, hole: Span): Bar => bar(span, hole.from, hole.to);

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
