import type { RoomRow } from "../api/types";

export type RoomKey = Pick<RoomRow, "app" | "product" | "room_id_type" | "room_id">;

/** A room's own key. Only the room id, which comes last, can hold a colon. */
export function roomKey(room: RoomKey): string {
  return [room.app, room.product, room.room_id_type, room.room_id].join(":");
}

export function readRoomKey(key: string): RoomKey | undefined {
  const parts = /^([^:]*):([^:]*):([^:]*):([\s\S]*)$/.exec(key);
  if (!parts) return undefined;
  const [, app = "", product = "", room_id_type = "", room_id = ""] = parts;
  // The address may hold any words; the API says so where it does not know one.
  return { app, product, room_id_type, room_id } as RoomKey;
}
