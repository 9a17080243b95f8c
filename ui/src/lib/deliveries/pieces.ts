import { runsRightToLeft } from "../format/visible";

/** A part of a body; one that is set apart cannot change the order of the signs around it. */
export interface Piece {
  text: string;
  apart: boolean;
}

/** JSON's texts without their quotation marks; in what is no JSON, everything between two quotation marks of a line. */
const QUOTED = /(?<=")(?:[^"\\\n]|\\.)*(?=")/g;

/** Cuts a body where a text that is written from right to left begins and ends; everything else stays together. */
export function piecesOf(body: string): Piece[] {
  if (!runsRightToLeft(body)) return [{ text: body, apart: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of body.matchAll(QUOTED)) {
    if (!runsRightToLeft(found[0])) continue;
    if (found.index > from) pieces.push({ text: body.slice(from, found.index), apart: false });
    pieces.push({ text: found[0], apart: true });
    from = found.index + found[0].length;
  }
  if (from < body.length) pieces.push({ text: body.slice(from), apart: false });
  return pieces;
}
