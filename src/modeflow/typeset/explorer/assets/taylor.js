// Weights of different size under decay: Taylor series of the mode equation, one step after another.
//
// In p = w1 + w2, q = w2 - w1 (for w2 > |w1|), a = w1 and b = w2, with r = lam - xi*a*b and time in units of tau,
//   p' = p*(r - decay),   q' = -q*(r + decay),   a' = b*r - decay*a,   b = (p + q)/2.
// p and q stay positive and a is not a difference of the two, so that each keeps its relative accuracy.
import { ordered, unordered } from "./pairs.mjs";
import * as evaluators from "./modeflow.mjs";

const ORDER = 20;
const STEP = Math.exp(-2); // of the radius of convergence: what is left out is e^-40 of the whole
const FADED = 1e-18; // of q against p: from there the weights are of one size
const GONE = 1e-150; // below this all weights are 0

const LOST = [NaN, NaN, NaN];

const product = (x, y, k) => {
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += x[i] * y[k - i];
  return sum;
};

const horner = (series, x) => {
  let sum = series[ORDER];
  for (let k = ORDER - 1; k >= 0; k--) sum = sum * x + series[k];
  return sum;
};

const reach = (series) =>
  Math.min(...[ORDER - 1, ORDER].map((k) => Math.pow(Math.abs(series[0] / series[k]), 1 / k) || Infinity));

/** A mode on its way. `from` and `to` bound the step that is expanded; `count` is how many there were. */
export class ModeFlow {
  constructor(lam, { noise, decay, w1, w2 }) {
    const [a, b] = ordered(w1, w2);
    this.given = [w1, w2];
    this.size = b;
    // Times and rates in units in which the fastest rate is about 1.
    this.unit = lam + decay + (lam + noise) * b * b;
    this.rates = [lam, noise, decay].map((rate) => rate / this.unit);
    [this.p, this.q, this.a, this.b, this.r] = Array.from({ length: 5 }, () => new Float64Array(ORDER + 1));
    [this.from, this.to, this.count] = [0, 0, 0];
    this.begin(b + a, b - a, a);
  }

  begin(p, q, a) {
    [this.p[0], this.q[0], this.a[0]] = [p, q, a];
    this.balanced = q <= FADED * p;
    this.gone = p + q < GONE;
    if (this.balanced || this.gone) this.to = Infinity;
    else this.expand();
  }

  expand() {
    const { p, q, a, b, r } = this;
    const [lam, noise, decay] = this.rates;
    for (let k = 0; k <= ORDER; k++) {
      b[k] = (p[k] + q[k]) / 2;
      r[k] = (k === 0 ? lam : 0) - (lam + noise) * product(a, b, k);
      if (k === ORDER) break;
      const [grown, shrunk] = [product(p, r, k), product(q, r, k)];
      p[k + 1] = (grown - decay * p[k]) / (k + 1);
      q[k + 1] = (-shrunk - decay * q[k]) / (k + 1);
      a[k + 1] = ((grown + shrunk) / 2 - decay * a[k]) / (k + 1);
    }
    this.to = this.from + STEP * Math.min(reach(p), reach(q));
    this.count += 1;
  }

  /** On to the next step. */
  next() {
    const x = this.to - this.from;
    this.from = this.to;
    this.begin(horner(this.p, x), horner(this.q, x), horner(this.a, x));
  }

  /** [w1, w2, strength] at a time s = t/tau within the step; s = 0 gives the weights back. */
  at(s) {
    if (s === 0) return [...this.given, this.given[0] * this.given[1]];
    const [small, large] = this.gone ? [0, 0] : this.balanced ? this.logistic(s) : this.series(s * this.unit - this.from);
    return [...unordered(...this.given, small, large), small * large];
  }

  series(x) {
    return [horner(this.a, x), (horner(this.p, x) + horner(this.q, x)) / 2];
  }

  logistic(s) {
    return evaluators.weights(Math.max(s * this.unit - this.from, 0), this.rates[0], this.later());
  }

  /** The mode from the time on when its weights were of one size. */
  later() {
    const half = this.p[0] / 2;
    return { w1: half, w2: half, noise: this.rates[1], decay: this.rates[2] };
  }
}

/** Both weights and the strength at times s = t/tau that rise; NaN from where more than `most` steps would be needed. */
export function follow(lam, setting, times, most) {
  const flow = new ModeFlow(lam, setting);
  const out = { w1: [], w2: [], strength: [] };
  for (const s of times) {
    while (s * flow.unit > flow.to && flow.count < most) flow.next();
    const [w1, w2, strength] = s * flow.unit <= flow.to ? flow.at(s) : LOST;
    out.w1.push(w1);
    out.w2.push(w2);
    out.strength.push(strength);
  }
  return out;
}

const PARTS = 8; // of a step, that are looked at for a passage

/**
 * The first time s = t/tau at which the strength is the target: 0 for one that the start has exceeded while the strength
 * does not fall, Infinity where it is never reached, NaN where more than `most` steps would be needed.
 */
export function passage(target, lam, setting, most) {
  const { w1, w2, noise, decay } = setting;
  const [start, norm] = [w1 * w2, w1 * w1 + w2 * w2];
  const sinks = norm * (lam - (lam + noise) * start) < 2 * decay * start;
  if (target === start || (target < start && !sinks)) return 0;
  const limit = evaluators.fixedPoint(lam, { noise, decay });
  if (sinks ? target > start || target <= limit : target * (lam + noise) >= lam && target >= limit) return Infinity;
  return walk(target, new ModeFlow(lam, setting), sinks ? -1 : 1, limit, most);
}

function walk(target, flow, upwards, limit, most) {
  let before = flow.at(0)[2];
  while (flow.to < Infinity) {
    for (let part = 1; part <= PARTS; part++) {
      const s = (flow.from + ((flow.to - flow.from) * part) / PARTS) / flow.unit;
      const now = flow.at(s)[2];
      if ((now - target) * upwards >= 0) return bisected(target, flow, upwards, s - (flow.to - flow.from) / PARTS / flow.unit, s);
      if (upwards > 0 && now < before && target > limit) return Infinity; // past its only maximum
      before = now;
    }
    if (flow.count >= most) return NaN;
    flow.next();
  }
  if (flow.gone) return Infinity;
  return flow.from / flow.unit + evaluators.learningTime(target, flow.rates[0], flow.later()) / flow.unit;
}

function bisected(target, flow, upwards, low, high) {
  for (let turn = 0; turn < 80 && low < high; turn++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if ((flow.at(middle)[2] - target) * upwards >= 0) high = middle;
    else low = middle;
  }
  return high;
}
