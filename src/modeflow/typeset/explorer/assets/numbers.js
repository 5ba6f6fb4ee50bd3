// Numbers as people read them, and as machines do.

/** At most so many digits, no exponent where there is no need, a real minus sign. */
export function shown(value, digits = 6) {
  if (Number.isNaN(value)) return "not known";
  if (!Number.isFinite(value)) return value > 0 ? "never" : "−∞";
  return String(Number(value.toPrecision(digits))).replaceAll("-", "−").replace("e+", "e");
}

/** A number as Python and CSV have it: the shortest that reads back as the same. */
export const exact = (value) => (Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");

/** The numbers of a text, between spaces or commas; what is no number is thrown, with the remedy. */
export function numbers(text, most) {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 0) throw new RangeError("No eigenvalue is given: write at least one number.");
  if (words.length > most) throw new RangeError(`${words.length} eigenvalues: give at most ${most}.`);
  return words.map((word) => eigenvalue(word));
}

function eigenvalue(word) {
  const value = Number(word);
  if (!Number.isFinite(value)) throw new RangeError(`${word} is not a number: write numbers such as 0.5, between spaces or commas.`);
  if (value < 0) throw new RangeError(`${word} is negative: eigenvalues of a second moment are at least 0.`);
  if (value > 1e12 || (value > 0 && value < 1e-30)) throw new RangeError(`${word}: give 0, or a number from 1e-30 to 1e12.`);
  return value;
}
