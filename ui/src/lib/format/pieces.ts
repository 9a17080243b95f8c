import { runsRightToLeft } from "./visible";

/** A part of a text that may be JSON; one that is set apart cannot change the order of the signs around it. */
export interface Piece {
  text: string;
  apart: boolean;
}

/** JSON's texts without their quotation marks; in what is no JSON, everything between two quotation marks of a line. */
const QUOTED = /(?<=")(?:[^"\\\n]|\\.)*(?=")/g;

/** Cuts a text where a text that is written from right to left begins and ends; everything else stays together. */
export function piecesOf(text: string): Piece[] {
  if (!runsRightToLeft(text)) return [{ text, apart: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(QUOTED)) {
    if (!runsRightToLeft(found[0])) continue;
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), apart: false });
    pieces.push({ text: found[0], apart: true });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), apart: false });
  return pieces;
}
