/** How moments and spans are said. */
import type { times as english } from "../en/times";

export const times: typeof english = {
  today: "今天",
  yesterday: "昨天",
  tomorrow: "明天",
  dayAt: (day, clock) => `${day} ${clock}`,
  todayAt: (clock) => `今天 ${clock}`,
  yesterdayAt: (clock) => `昨天 ${clock}`,
  tomorrowAt: (clock) => `明天 ${clock}`,
  justNow: "刚刚",
  ago: (span) => `${span}前`,
  ahead: (span) => `${span}后`,
};
