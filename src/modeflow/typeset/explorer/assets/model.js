// What the page shows, from what is set: curves, readings and learning times of every mode.
import * as evaluators from "./modeflow.mjs";
import { follow, passage } from "./taylor.js";

const POINTS = 401;
const DECADES = 4; // of a logarithmic time axis
const STEPS = 20000; // of all modes together, so that the page answers
const LEAST_STEPS = 400; // of a mode

/** Whether the page integrates: weights of different size under decay. */
export const isIntegrated = ({ w1, w2, decay }) => decay > 0 && Math.abs(w1) !== Math.abs(w2);

/** The options of the evaluators. */
export const options = ({ w1, w2, noise, decay, tau }) => ({ w1, w2, noise, decay, tau });

/** The times of the curves, the last one being the end of the window. */
export function times({ window, scale }) {
  const share = (k) => k / (POINTS - 1);
  const at = scale === "log" ? (k) => window * 10 ** (DECADES * (share(k) - 1)) : (k) => window * share(k);
  return Float64Array.from({ length: POINTS }, (_, k) => at(k));
}

/** Both weights and the strength of one mode at these times, and the loss that they give. */
export function path(lam, setting, at) {
  return isIntegrated(setting) ? integrated(lam, setting, at, allowed(setting)) : evaluated(lam, setting, at);
}

const allowed = ({ lams }) => Math.max(LEAST_STEPS, Math.floor(STEPS / lams.length));

function evaluated(lam, setting, at) {
  const given = options(setting);
  const [w1, w2] = evaluators.weights(at, lam, given);
  return { w1, w2, strength: evaluators.strength(at, lam, given), loss: evaluators.loss(at, lam, given) };
}

function integrated(lam, setting, at, most) {
  const found = follow(lam, setting, Array.from(at, (t) => t / setting.tau), most);
  return { ...found, loss: found.strength.map((w, i) => lossOf(lam, setting, found.w1[i], found.w2[i], w)) };
}

/** The loss of a mode at its weights. */
export const lossOf = (lam, { noise, decay }, w1, w2, w = w1 * w2) =>
  (lam * (1 - w) ** 2 + noise * w ** 2 + decay * (w1 ** 2 + w2 ** 2)) / 2;

/** The quantity that is drawn, of one mode at all times. */
export function curve(lam, setting, at) {
  if (isIntegrated(setting)) return path(lam, setting, at)[setting.quantity];
  const given = options(setting);
  if (setting.quantity === "strength") return evaluators.strength(at, lam, given);
  if (setting.quantity === "loss") return evaluators.loss(at, lam, given);
  return evaluators.weights(at, lam, given)[setting.quantity === "w1" ? 0 : 1];
}

/** Of one mode: its fixed point, what it is at the time of the reading, and its learning time. */
export function reading(lam, setting) {
  const { noise, decay, share, at } = setting;
  const rest = evaluators.fixedPoint(lam, { noise, decay });
  const [w1, w2, strength, loss] = Object.values(pick(path(lam, setting, [at])));
  return { lam, rest, strength, w1, w2, loss, time: learningTime(share * rest, lam, setting) };
}

const pick = ({ w1, w2, strength, loss }) => ({ w1: w1[0], w2: w2[0], strength: strength[0], loss: loss[0] });

/** The first time at which the strength is the target. */
export function learningTime(target, lam, setting) {
  if (!isIntegrated(setting)) return evaluators.learningTime(target, lam, options(setting));
  return passage(target, lam, setting, allowed(setting)) * setting.tau;
}

/** A window in which the slower modes are learned: to a few times the learning time of a middling one. */
export function fitting(setting) {
  const ends = setting.lams.map((lam) => settled(lam, setting)).filter(Number.isFinite).sort((a, b) => a - b);
  const end = ends[Math.floor(0.8 * (ends.length - 1))] ?? setting.tau;
  return Number(end.toPrecision(2));
}

/** About the time at which a mode is near its limit, from the two rates of the linearised flow. */
function settled(lam, { noise, decay, w1, w2, tau }) {
  const start = Math.max((w1 + w2) ** 2, (w1 - w2) ** 2, 1e-300) / 4;
  const rest = Math.max((lam - decay) / (lam + noise || 1), 1e-3);
  const rate = Math.max(Math.abs(lam - decay), 0.02 * lam);
  return (tau * (Math.abs(Math.log(rest / start)) + 6)) / (2 * rate);
}
