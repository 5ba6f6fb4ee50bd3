// The page: what is set, and what is drawn after every change.
import { Chart, curveOptions, spectrumOptions } from "./charts.js";
import { colourOf, ink, onTheme, ramp, span } from "./colours.js";
import { byId, fill, listen } from "./controls.js";
import { csv, curveLines, python, save, svg } from "./exports.js";
import { fillFormulas } from "./formula.js";
import * as evaluators from "./modeflow.mjs";
import { curve, fitting, isIntegrated, learningTime, path, reading, times } from "./model.js";
import { shown } from "./numbers.js";
import { selfTest } from "./self_test.mjs";
import { surface } from "./surface.js";
import { fillReading, fillTable } from "./table.js";

const DATA = JSON.parse(byId("data").textContent);
const LINE = 121; // points of a line over the spectrum

let setting = {
  lams: DATA.eigenvalues, mode: 0, noise: DATA.noise, decay: 0, w1: 0.05, w2: 0.1, tau: 1,
  share: 0.5, at: 0, window: null, scale: "linear", quantity: "strength",
};
let automatic = true;
let drawn = {}; // what was drawn last, for the exports
let waiting; // for the curves to be drawn

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

/** The curves at once; all else when they have been drawn, and when no other change waits. */
function draw() {
  const at = times(setting);
  const lines = setting.lams.map((lam) => plain(curve(lam, setting, at)));
  drawn = { at, lines };
  const colours = setting.lams.map((lam) => colourOf(lam, setting.lams));
  const kind = { quantity: setting.quantity, scale: setting.scale, count: lines.length };
  curves.draw(kind, { ...setting, colours }, [Array.from(at), ...lines]);
  fill(setting);
  say(lines);
  byId("main").setAttribute("aria-busy", "true");
  clearTimeout(waiting);
  waiting = setTimeout(drawRest);
}

function drawRest() {
  const { at } = drawn;
  const readings = setting.lams.map((lam) => reading(lam, setting));
  const selected = readings[setting.mode];
  Object.assign(drawn, overSpectrum(readings));
  rests.draw({ label: "strength w", log: false, names: 3 }, setting, drawn.rests);
  waits.draw({ label: "learning time (unit of τ)", log: true, names: 2 }, setting, drawn.waits);
  byId("surface").innerHTML = surface(selected.lam, setting, path(selected.lam, setting, at), selected);
  fillTable(readings, setting, (mode) => change({ mode }));
  fillReading(selected);
  fillFormulas(selected, setting, DATA.formulas);
  fillRamp();
  byId("python").textContent = python(at, setting);
  byId("main").removeAttribute("aria-busy");
}

function overSpectrum(readings) {
  const [low, high] = span(setting.lams);
  const line = Array.from({ length: LINE }, (_, k) => (low / 2) * ((4 * high) / low) ** (k / (LINE - 1)));
  const rest = evaluators.fixedPoint(line, only("noise", "decay"));
  const wait = line.map((lam, i) => learningTime(setting.share * rest[i], lam, setting));
  const of = (name) => readings.map((reading) => reading[name]);
  return { rests: merged(line, rest, readings, of("rest"), of("strength")), waits: merged(line, wait, readings, of("time")) };
}

function fillRamp() {
  const stops = Array.from({ length: 9 }, (_, k) => ramp(k / 8));
  byId("ramp").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const [low, high] = span(setting.lams);
  byId("ramp-low").textContent = `λ = ${shown(low, 3)}`;
  byId("ramp-high").textContent = `λ = ${shown(high, 3)}`;
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

const TIME = { label: "time t (unit of τ)" };
const EIGENVALUE = { label: "eigenvalue λ (unit of the data’s variance)", log: true };

function pictureOfCurves() {
  const x = { ...TIME, log: setting.scale === "log" };
  return svg({ at: Array.from(drawn.at), x, y: { label: byId("quantity").selectedOptions[0].text }, lines: curveLines(drawn.lines, setting) });
}

function pictureOver([at, line, ...marks], y) {
  const lines = [{ values: line, colour: ink("soft"), width: 1.5 }];
  const looks = [{ colour: ink("accent") }, { colour: ink("other"), square: true }];
  return svg({ at, x: EIGENVALUE, y, lines, marks: marks.map((values, k) => ({ values, ...looks[k] })) });
}

const PICTURES = {
  curves: pictureOfCurves,
  rests: () => pictureOver(drawn.rests, { label: "strength w" }),
  waits: () => pictureOver(drawn.waits, { label: "learning time (unit of τ)", log: true }),
  surface: () => byId("surface").innerHTML,
};

async function copy() {
  const text = byId("python");
  try {
    await navigator.clipboard.writeText(text.textContent);
    byId("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(text);
    byId("copied").textContent = "Selected; copy it with the keyboard.";
  }
}

for (const button of document.querySelectorAll("[data-picture]")) {
  const name = button.dataset.picture;
  button.addEventListener("click", () => save(`modeflow-${name}.svg`, "image/svg+xml", PICTURES[name]()));
}
byId("save-csv").addEventListener("click", () => save("modeflow.csv", "text/csv", csv(drawn.at, drawn.lines, setting)));
byId("save-python").addEventListener("click", () => save("modeflow_call.py", "text/x-python", byId("python").textContent));
byId("copy-python").addEventListener("click", copy);
curves.pick = (mode) => change({ mode });
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
