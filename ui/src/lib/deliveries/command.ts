import { visible } from "../format/visible";
import { text, word } from "../text";

/** What a delivery is called: its command; an RTC Engine event, whose command is only a number, also in words. */
export function commandWords({ command, family }: { command: string; family: string }): string {
  if (command === "") return visible(word(text.families, family));
  if (family !== "rtc") return visible(command);
  const known = Object.hasOwn(text.rtcEvents, command);
  return visible(known ? `${command} ${word(text.rtcEvents, command)}` : `${word(text.families, family)} ${command}`);
}
