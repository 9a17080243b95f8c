import type { LifeRow, OccupancyPoint, RoomDetailRow, RoomRow, StayRow, StepRow } from "../src/lib/api/types";
import { APPS, dice, NOW, type Seeded, USERS } from "./seed.ts";

/** A seeded room: when its lives began and ended, and how many stays it has. */
interface Plan {
  lives: { from: number; to: number | null }[];
  stays: number;
}

const MINUTE = 60_000;
const plans = new Map<string, Plan>();

/** Sixty rooms; the second, and every seventh after it, has two lives. */
export function seededRooms(random: () => number): RoomRow[] {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: 60 }, (_, i) => {
    const first = i === 1 ? NOW - 72 * MINUTE : NOW - i * 150 * MINUTE - 65 * MINUTE;
    const end = i % 4 === 0 ? null : first + 60 * MINUTE;
    const twice = i % 7 === 1;
    const plan = {
      lives: twice
        ? [
            { from: first, to: first + 25 * MINUTE },
            { from: first + 34 * MINUTE, to: i === 1 ? null : end },
          ]
        : [{ from: first, to: end }],
      stays: twice ? 24 : 1 + Math.floor(random() * 60),
    };
    const id = `room_${1000 + i}`;
    plans.set(id, plan);
    const room: RoomRow = {
      app: APPS[0]?.id ?? "",
      product: i === 1 ? "live" : pick(["live", "conference", "rtc"]),
      room_id_type: i === 1 ? "text" : pick(["number", "text", ""]),
      room_id: id,
      name: i === 1 ? "Algebra, open lesson" : pick(["Morning class", "直播间", "", "Weekly review", "Clinic hours"]),
      owner: pick(["alice", "tutor_ann", "dr_wang", ""]),
      owner_name: "",
      created_ms: plan.lives.at(-1)?.from ?? first,
      ended_ms: plan.lives.at(-1)?.to ?? null,
      end_reason: plan.lives.at(-1)?.to ? "destroy_by_user" : "",
      users: 0,
      stays: 0,
      peak: 0,
      inside: 0,
      first_ms: first,
      last_ms: plan.lives.at(-1)?.to ?? first + 62 * MINUTE,
      found_user: null,
      found_name: "",
    };
    const stays = seededStays(room);
    const inside = stays.filter((stay) => stay.left_ms === null && stay.leave_cause === "").length;
    return { ...room, users: new Set(stays.map((stay) => stay.user)).size, stays: stays.length, peak: highest(lineOf(stays)), inside };
  });
}

const planOf = (room: RoomRow): Plan => plans.get(room.room_id) ?? { lives: [{ from: room.first_ms, to: room.ended_ms }], stays: 0 };
/** When the heartbeat of a stay was lost and came back: of every fifth. */
const holeOf = (stay: StayRow, i: number): [number, number] | undefined =>
  i % 5 === 2 && stay.entered_ms !== null && (stay.left_ms ?? NOW) - stay.entered_ms > 6 * MINUTE
    ? [stay.entered_ms + 2 * MINUTE, stay.entered_ms + 4 * MINUTE + 7000]
    : undefined;

function planned(room: RoomRow): StayRow[] {
  const plan = planOf(room);
  const random = dice(Number(room.room_id.slice(5)));
  return Array.from({ length: plan.stays }, (_, i): StayRow => {
    const life = plan.lives[i % plan.lives.length] ?? { from: room.first_ms, to: null };
    const entered = life.from + Math.floor(random() ** 1.5 * 18 * MINUTE);
    const wished = entered + 20_000 + Math.floor(random() * 30 * MINUTE);
    const left = life.to === null ? (wished > room.last_ms ? null : wished) : Math.min(wished, life.to);
    const closed = left !== null && left === life.to;
    const unseen = i === 9 && left !== null;
    return {
      app: room.app,
      product: room.product,
      room_id_type: room.room_id_type,
      room_id: room.room_id,
      user: USERS[i % USERS.length] ?? "",
      user_name: "",
      n: 1 + Math.floor(i / USERS.length),
      entered_ms: unseen ? null : entered,
      left_ms: left,
      seconds: unseen || left === null ? null : Math.floor((left - entered) / 1000),
      away_seconds: 0,
      enter_cause: unseen ? "" : i % 8 === 5 ? "heartbeat_recover" : "enter",
      leave_cause: left === null ? "" : closed ? "room_closed" : i % 5 === 2 ? "kicked" : "leave",
    };
  });
}

export function seededStays(room: RoomRow): StayRow[] {
  return planned(room)
    .map((stay, i) => {
      const hole = holeOf(stay, i);
      return hole ? { ...stay, away_seconds: Math.floor((hole[1] - hole[0]) / 1000) } : stay;
    })
    .sort((a, b) => (b.entered_ms ?? b.left_ms ?? 0) - (a.entered_ms ?? a.left_ms ?? 0));
}

function lineOf(stays: readonly StayRow[]): OccupancyPoint[] {
  const moves = stays.flatMap((stay) =>
    stay.entered_ms === null ? [] : [[stay.entered_ms, 1] as const, ...(stay.left_ms === null ? [] : [[stay.left_ms, -1] as const])],
  );
  let inside = 0;
  return moves.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([at_ms, by]) => ({ at_ms, inside: (inside += by) }));
}

const highest = (line: readonly OccupancyPoint[]) => Math.max(0, ...line.map((point) => point.inside));

const within = (stays: readonly StayRow[], from: number, to: number | null) =>
  stays.filter((stay) => (stay.entered_ms ?? stay.left_ms ?? 0) >= from && (to === null || (stay.entered_ms ?? stay.left_ms ?? 0) < to));

function livesOf(room: RoomRow, stays: readonly StayRow[]): LifeRow[] {
  return planOf(room)
    .lives.map((life, i): LifeRow => {
      const own = within(stays, life.from, life.to);
      const line = lineOf(own);
      return {
        n: i + 1,
        began_ms: life.from,
        created_ms: i === 0 || room.room_id !== "room_1001" ? life.from : null,
        ended_ms: life.to,
        end_reason: life.to === null ? "" : "destroy_by_user",
        users: new Set(own.map((stay) => stay.user)).size,
        stays: own.length,
        peak: highest(line),
        peak_ms: line.find((point) => point.inside === highest(line))?.at_ms ?? null,
      };
    })
    .reverse();
}

const DETAILS: Record<string, unknown> = {
  "seat:0": { Index: 0, Member_Account: "tutor_ann", IsTakenDisabled: false, IsVideoDisabled: false, IsAudioDisabled: false },
  "seat:1": { Index: 1, Member_Account: "student_9", IsTakenDisabled: false, IsVideoDisabled: true, IsAudioDisabled: true },
  "seat:2": { Index: 2, IsTakenDisabled: true, IsVideoDisabled: false, IsAudioDisabled: false },
  "admin:desk.1": true,
  "admin:王医生": true,
  "metadata:topic": "Algebra <2>",
  "metadata:poll": '{"q":"x²=4?"}',
  "info:RoomType": "Live",
  "info:MaxSeatCount": 9,
  "info:MaxMemberCount": 300,
  "info:IsSeatEnabled": true,
  "info:TakeSeatMode": "ApplyToTake",
  "info:IsMessageDisabled": false,
  "info:CustomInfo": "",
  "info:Category": [1, 2],
  "info:WarpFactor": 9,
  "info:ViewCount": 1210,
  "statistic:TotalViewers": 182,
  "statistic:TotalGiftsSent": 31,
  "statistic:TotalGiftCoins": 12400,
  "statistic:TotalUniqueGiftSenders": 8,
  "statistic:TotalLikesReceived": 5021,
  "statistic:TotalMessages": 77,
};

export function roomDetailOf(room: RoomRow, seed: Seeded, life: number | null): RoomDetailRow {
  const stays = seededStays(room);
  const lives = livesOf(room, stays);
  const chosen = lives.find((one) => one.n === life);
  const step = (at_ms: number, action: string, user: string): StepRow => ({
    at_ms,
    action,
    user,
    platform: "Android",
    client_ip: "203.0.113.9",
    sent: { EventType: 103, EventCause: 1 },
    family: room.product === "rtc" ? "rtc" : "live",
    command: "Live.CallbackAfterMemberStateChanged",
    flagged: false,
    delivery: seed.deliveries[2]?.delivery.digest ?? "",
  });
  const steps = planned(room).flatMap((stay, i) => {
    const hole = holeOf(stay, i);
    return [
      ...(stay.entered_ms === null ? [] : [step(stay.entered_ms, "enter", stay.user)]),
      ...(hole ? [step(hole[0], "interrupt", stay.user), step(hole[1], "recover", stay.user)] : []),
      ...(stay.left_ms === null || stay.leave_cause === "room_closed" ? [] : [step(stay.left_ms, "leave", stay.user)]),
    ];
  });
  const told = lives.at(-1)?.ended_ms ?? room.first_ms;
  return {
    room,
    names: {},
    notes: [],
    tags: [],
    details: { ...DETAILS, owner: room.owner, name: room.name },
    details_ms: Object.fromEntries(
      [...Object.keys(DETAILS), "owner", "name"].map((register) => [register, register.startsWith("metadata") ? (lives[0]?.began_ms ?? 0) + MINUTE : told]),
    ),
    lives,
    life: chosen?.n ?? null,
    occupancy: lineOf(chosen ? within(stays, chosen.began_ms, chosen.ended_ms) : stays),
    steps: [...steps, ...lives.flatMap((one) => (one.ended_ms === null ? [] : [step(one.ended_ms, "closed", "")]))].sort((a, b) => b.at_ms - a.at_ms),
  };
}
