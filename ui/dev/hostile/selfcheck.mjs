export async function seesEverything() {}
