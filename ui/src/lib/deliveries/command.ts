import { visible } from "../format/visible";
import { text, word } from "../text";

/** What a delivery is called: its command; with the family in front where the command is only a number, as in RTC Engine events. */
export function commandWords({ command, family }: { command: string; family: string }): string {
  const sender = word(text.families, family);
  if (command === "") return visible(sender);
  return visible(/^\d+$/.test(command) ? `${sender} ${command}` : command);
}
