import * as balanced from "./balanced.mjs";
import * as direct from "./direct.mjs";

const LARGEST = Number.MAX_VALUE / 8;

/**
 * @typedef {object} Mode
 * @property {number} w1 encoder weight at t = 0
 * @property {number} w2 decoder weight at t = 0
 * @property {number} [noise] noise variance summed over the samples, >= 0
 * @property {number} [decay] weight decay summed over the samples, >= 0
 * @property {number} [tau] time constant, > 0, in the unit of t
 */

/**
 * Strength w(t) = w1(t) w2(t) of a mode.
 *
 * @param {number | ArrayLike<number>} t time or times, >= 0
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {number | Float64Array} the strength, at each time
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function strength(t, lam, mode, ...more) {
  return along(strength_equal, strength_unequal, t, lam, options(mode, more));
}

/**
 * Loss (lam/2)(1 - w)^2 + (noise/2)w^2 + (decay/2)(w1^2 + w2^2) of a mode along its path.
 *
 * @param {number | ArrayLike<number>} t time or times, >= 0
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {number | Float64Array} the loss, at each time
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function loss(t, lam, mode, ...more) {
  return along(loss_equal, loss_unequal, t, lam, options(mode, more));
}

/**
 * Encoder and decoder weight of a mode.
 *
 * @param {number | ArrayLike<number>} t time or times, >= 0
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {[number, number] | [Float64Array, Float64Array]} w1(t), w2(t)
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function weights(t, lam, mode, ...more) {
  const pairs = along(weights_equal, weights_unequal, t, lam, options(mode, more), Array);
  return typeof t === "number" ? pairs : [0, 1].map((side) => Float64Array.from(pairs, (pair) => pair[side]));
}

/**
 * The strength max(lam - decay, 0)/(lam + noise) at which a growing mode comes to rest; 0 where nothing pulls.
 *
 * @param {number | ArrayLike<number>} lam eigenvalue or eigenvalues of the data's second moment, >= 0
 * @param {{ noise?: number, decay?: number }} [mode]
 * @returns {number | Float64Array} the strength at rest
 * @throws {TypeError} for what is not a number, and for another option
 * @throws {RangeError} for a value out of its range
 */
export function fixedPoint(lam, mode, ...more) {
  const { noise, decay } = options(mode, more, { noise: 0, decay: 0 }, "second");
  check({ noise, decay });
  return each("lam", lam, (value) => rest(notNegative("lam", finite("lam", value)), noise, decay));
}

/**
 * The first time at which the strength is the target; Infinity where it never is. A target that the start has exceeded,
 * while the strength does not fall, takes 0.
 *
 * @param {number | ArrayLike<number>} target strength or strengths to be reached
 * @param {number} lam eigenvalue of the data's second moment, >= 0
 * @param {Mode} mode
 * @returns {number | Float64Array} the time, in the unit of tau
 * @throws {TypeError} for what is not a number, and for an option that is not one of Mode's
 * @throws {RangeError} for a value out of its range, and for weights of different size under decay
 */
export function learningTime(target, lam, mode, ...more) {
  const { w1, w2, noise, decay, tau } = checked(lam, options(mode, more));
  const unit = unitOfRates(Math.max(lam, noise, decay));
  const own = [lam / unit, noise / unit, decay / unit, w1, w2];
  const [way, solve] = [approach(...own), equal(w1, w2) ? time_equal : time_unequal];
  const unknown = own.some(Number.isNaN) || Number.isNaN(tau);
  return each("target", target, (x) => (unknown || Number.isNaN(x) ? NaN : reached(way, x, solve(x, ...own), tau / unit)));
}

const DEFAULTS = { w1: undefined, w2: undefined, noise: 0, decay: 0, tau: 1 };

/** The options given, and the defaults of the others. */
function options(given = {}, more, defaults = DEFAULTS, place = "third") {
  const names = Object.keys(defaults);
  const known = `the options are ${names.join(", ")}`;
  if (typeof given !== "object" || given === null || more.length > 0) {
    const example = place === "third" ? "{ w1: 0.1, w2: 0.2 }" : "{ noise: 0.1 }";
    throw new TypeError(`the ${place} and last argument is an object, as in ${example}; ${known}`);
  }
  for (const name in given) {
    if (names.includes(name)) continue;
    const near = names.find((other) => isNear(name.toLowerCase(), other));
    throw new TypeError(`${name} is not an option; ${known}${near ? `; did you mean ${near}?` : ""}`);
  }
  const found = { ...defaults };
  for (const name of names) if (given[name] !== undefined) found[name] = given[name];
  return found;
}

function isNear(one, other) {
  const most = other.length < 3 ? 1 : 2;
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

/** How many letters must be put in, left out or replaced to make one word of the other. */
function distance(one, other) {
  if (one === "" || other === "") return one.length + other.length;
  const [rest, last] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return distance(rest, last);
  return 1 + Math.min(distance(rest, other), distance(one, last), distance(rest, last));
}

/** A path in the form that holds for the mode, at one time or at each of several. */
function along(whenEqual, whenUnequal, t, lam, given, List) {
  const { w1, w2, noise, decay, tau } = checked(lam, given);
  const form = equal(w1, w2) ? whenEqual : whenUnequal;
  // At an infinite time every exponential has vanished.
  const at = (time) => form(Math.min(notNegative("t", time) / tau, LARGEST), lam, noise, decay, w1, w2);
  return each("t", t, at, List);
}

/** A function of one number, or of each of several. */
function each(name, given, value, List = Float64Array) {
  if (typeof given === "number") return value(given);
  const several = Array.isArray(given) || ArrayBuffer.isView(given);
  return several ? List.from(given, (one) => value(number(name, one))) : value(number(name, given));
}

function number(name, value) {
  if (typeof value !== "number") throw new TypeError(`${name} = ${value} is not a number`);
  return value;
}

function finite(name, value) {
  if (value === Infinity || value === -Infinity) throw new RangeError(`${name} must be finite`);
  return value;
}

function notNegative(name, value) {
  if (value < 0) throw new RangeError(`${name} = ${value}: it must be >= 0`);
  return value;
}

function check(rates) {
  for (const [name, value] of Object.entries(rates)) notNegative(name, finite(name, number(name, value)));
}

function checked(lam, given) {
  const { w1, w2, noise, decay, tau } = given;
  for (const [name, value] of Object.entries({ w1, w2 })) finite(name, number(name, value));
  check({ lam, noise, decay, tau });
  if (tau === 0) throw new RangeError("tau = 0: a time constant is > 0");
  if (!equal(w1, w2) && fading(decay)) {
    throw new RangeError(`w1 = ${w1}, w2 = ${w2}: weights of different size under decay are computed in Python only`);
  }
  return given;
}

/** The strength at rest of a mode that grows. The sum of halves is finite. */
function rest(lam, noise, decay) {
  const half = Number.isFinite(lam + noise) ? 1 : 0.5;
  const [total, left] = [half * lam + half * noise, half * (lam - decay)];
  return (left <= 0 ? 0 : left) / (total === 0 ? 1 : total);
}

/** From where to where the strength goes, whether it falls, and whether it never moves. */
function approach(lam, noise, decay, w1, w2) {
  const start = w1 * w2;
  const limit = equal(w1, w2) && start < 0 ? 0 : rest(lam, noise, decay);
  const rests = (lam === 0 && noise === 0 && decay === 0) || (w1 === 0 && w2 === 0);
  return { start, limit, rests, falls: start > limit && !rests };
}

/** When the strength is x: 0, the time that was solved for, or never. Near the limit rounding may leave no time. */
function reached({ start, limit, rests, falls }, x, solved, unit) {
  if (x === start || (x < start && !falls)) return 0;
  const ahead = (start < x && x < limit) || (limit < x && x < start);
  return ahead && !rests && solved >= 0 ? solved * unit : Infinity;
}

/** A power of 2 in units of which very large or very small rates are ordinary numbers; 1 for all others. */
function unitOfRates(fastest) {
  const exponent = Math.floor(Math.log2(fastest)) + 1;
  return Math.abs(exponent) > 128 && Number.isFinite(exponent) ? Math.pow(2, Math.min(Math.max(exponent, -1000), 1000)) : 1;
}
