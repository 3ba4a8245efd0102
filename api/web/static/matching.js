// Whether a text has every word that is looked for, in any order and case. Pure.

export function matches(text, wanted) {
  const within = text.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
