import type { RoomDetailRow } from "../api/types";
import { deliveriesHref, type Teller } from "../calls/sources";
import { commandWords } from "../deliveries/command";
import { fullTime } from "../format/time";
import { isolated } from "../format/visible";
import { text } from "../text";

/** Of these, nothing is told of the room itself. */
const PRESENCE = ["enter", "leave", "interrupt", "recover"];

/**
 * Where something of a room came from that was told at this moment: the delivery, where the newest steps hold just one of that
 * time, otherwise all of the room's.
 */
export function roomTeller({ room, steps }: Pick<RoomDetailRow, "room" | "steps">, at_ms: number | null | undefined): Teller | undefined {
  if (at_ms === null || at_ms === undefined) return undefined;
  const told = steps.filter((step) => step.at_ms === at_ms && !PRESENCE.includes(step.action));
  const digests = [...new Set(told.map((step) => step.delivery))];
  const [only] = digests.length === 1 ? told : [];
  const from = only ? text.sourcing.from(isolated(commandWords(only)), fullTime(at_ms)) : text.sourcing.reported(fullTime(at_ms));
  return { mark: text.sourcing.callback, from, href: deliveriesHref(digests, room.room_id) };
}
