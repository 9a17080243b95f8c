export function englishIn(words: string): string[];
export function wordsOf(selector: string): string[];
