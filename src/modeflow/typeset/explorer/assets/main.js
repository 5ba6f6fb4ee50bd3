// The page: what is set, and what is drawn after every change.
import { Chart, curveOptions, spectrumOptions } from "./charts.js";
import { onTheme, span } from "./colours.js";
import { byId, fill, listen } from "./controls.js";
import * as evaluators from "./modeflow.mjs";
import { curve, fitting, isIntegrated, learningTime, reading, times } from "./model.js";
import { selfTest } from "./self_test.mjs";
import { fillReading, fillTable } from "./table.js";

const DATA = JSON.parse(byId("data").textContent);
const LINE = 121; // points of a line over the spectrum

let setting = {
  lams: DATA.eigenvalues, mode: 0, noise: DATA.noise, decay: 0, w1: 0.05, w2: 0.1, tau: 1,
  share: 0.5, at: 0, window: null, scale: "linear", quantity: "strength",
};
let automatic = true;

const curves = new Chart(byId("curves"), curveOptions);
const rests = new Chart(byId("rests"), spectrumOptions);
const waits = new Chart(byId("waits"), spectrumOptions);
const plain = (values) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));

/** Take a change, and draw all that follows from it. */
function change(part) {
  const { lam, ...rest } = part;
  const before = setting;
  setting = { ...setting, ...rest };
  if (lam !== undefined) setting.lams = setting.lams.map((old, k) => (k === setting.mode ? lam : old));
  setting.mode = Math.min(setting.mode, setting.lams.length - 1);
  if ("window" in part) automatic = part.window === null;
  if (automatic) setting.window = fitting(setting);
  if (!("at" in part)) setting.at *= setting.window / before.window;
  draw();
}

function draw() {
  const at = times(setting);
  const lines = setting.lams.map((lam) => plain(curve(lam, setting, at)));
  const readings = setting.lams.map((lam) => reading(lam, setting));
  const kind = { quantity: setting.quantity, scale: setting.scale, count: lines.length };
  curves.draw(kind, setting, [Array.from(at), ...lines]);
  drawSpectrum(readings);
  fill(setting);
  fillTable(readings, setting, (mode) => change({ mode }));
  fillReading(readings[setting.mode]);
  say(lines);
}

function drawSpectrum(readings) {
  const [low, high] = span(setting.lams);
  const line = Array.from({ length: LINE }, (_, k) => (low / 2) * ((4 * high) / low) ** (k / (LINE - 1)));
  const target = (lam) => setting.share * evaluators.fixedPoint(lam, only("noise", "decay"));
  const rest = Array.from(evaluators.fixedPoint(line, only("noise", "decay")));
  const at = (name) => readings.map((reading) => reading[name]);
  rests.draw({ label: "strength w", log: false, names: 3 }, setting, merged(line, rest, readings, at("rest"), at("strength")));
  const wait = line.map((lam) => learningTime(target(lam), lam, setting));
  waits.draw({ label: "learning time (unit of τ)", log: true, names: 2 }, setting, merged(line, wait, readings, at("time")));
}

const only = (...names) => Object.fromEntries(names.map((name) => [name, setting[name]]));

/** Columns for uPlot: those of the line and those of the modes over one rising list of eigenvalues. */
function merged(line, values, readings, ...columns) {
  const none = columns.map(() => null);
  const rows = [
    ...line.map((lam, i) => [lam, values[i], ...none]),
    ...readings.map(({ lam }, k) => [lam, null, ...columns.map((column) => column[k])]),
  ].filter(([lam]) => lam > 0);
  rows.sort((one, other) => one[0] - other[0]);
  return [0, 1, ...none.map((_, i) => i + 2)].map((place) => plain(rows.map((row) => row[place] ?? NaN)));
}

/** How the curves were computed, and whether all of them were. */
function say(lines) {
  const lost = isIntegrated(setting) && lines.some((line) => line.includes(null));
  byId("method").textContent = METHODS[isIntegrated(setting) ? "integrated" : "evaluated"];
  byId("lost").textContent = lost ? "Some curves end early: they take too many steps over this window. Shorten it." : "";
}

const METHODS = {
  evaluated: "Computed by the evaluators that modeflow generates from proved claims.",
  integrated:
    "Weights of different size under decay: this page integrates the mode equation, by Taylor series of order 20. " +
    "Python computes the closed form with Bessel functions, claim reg.solution.",
};

function test() {
  const rows = selfTest();
  const failed = rows.filter((row) => !row.passed);
  byId("self-test").textContent =
    failed.length === 0
      ? `In this browser the evaluators agree with ${rows.length} true values.`
      : `In this browser the evaluators fail ${failed.length} of ${rows.length} tests; do not rely on the numbers.`;
}

listen(() => setting, change);
onTheme(() => {
  [curves, rests, waits].forEach((chart) => chart.forget());
  draw();
});
setting.window = fitting(setting);
setting.at = setting.window / 4;
draw();
test();
document.documentElement.dataset.ready = "true";
