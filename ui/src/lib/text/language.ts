/** Which language the screens speak: the system's, or the one chosen in Settings. It is decided once, when the window is loaded. */
import { recall, remember } from "../memory";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];
export type LanguageChoice = "system" | Language;

const STORED = "language";
const LOCALES = { en: "en-GB", zh: "zh-CN" } as const;
const TAGS = { en: "en", zh: "zh-Hans" } as const;

/** What was chosen in Settings. */
export function languageChoice(): LanguageChoice {
  const stored = recall(STORED);
  return LANGUAGES.find((language) => language === stored) ?? "system";
}

/** Chooses a language; the window is loaded again, at the same place, because every sentence is decided when it is loaded. */
export function chooseLanguage(choice: LanguageChoice): void {
  remember(STORED, choice === "system" ? "" : choice);
  location.reload();
}

/** The first of the system's languages that there is here; English where there is none. */
export function languageOf(choice: LanguageChoice, system: readonly string[]): Language {
  if (choice !== "system") return choice;
  const known = system.map((tag) => LANGUAGES.find((language) => tag.toLowerCase().split("-")[0] === language));
  return known.find((language) => language !== undefined) ?? "en";
}

const system = typeof navigator === "undefined" ? [] : (navigator.languages ?? [navigator.language]);

/** For whoever looks for sentences that do not fit: `localStorage["calltrail.language"] = "pseudo"`. */
export const isPseudo: boolean = recall(STORED) === "pseudo";
export const language: Language = languageOf(languageChoice(), system);
/** For `Intl`. */
export const locale: string = LOCALES[language];
/** For `lang`, by which fonts and screen readers go. */
export const languageTag: string = TAGS[language];
