/**
 * What the program says as a code with arguments, a sentence for each code: complete by type, since the codes and their arguments
 * come from the OpenAPI document.
 */
export type Sentences<Said extends { code: string }> = { [Code in Said["code"]]: (said: Extract<Said, { code: Code }>) => string };

/** The sentence of a code. */
export function say<Said extends { code: string }>(sentences: Sentences<Said>, said: Said): string {
  const sentence = sentences[said.code as Said["code"]] as (said: Said) => string;
  return sentence(said);
}

/** Sentences that say what one table says, and then what another one says. */
export function inTurn<Said extends { code: string }>(
  first: Sentences<Said>,
  then: Sentences<Said>,
  join: (...sentences: string[]) => string,
): Sentences<Said> {
  const both = (said: Said) => join(say(first, said), say(then, said));
  return Object.fromEntries(Object.keys(first).map((code) => [code, both])) as unknown as Sentences<Said>;
}
