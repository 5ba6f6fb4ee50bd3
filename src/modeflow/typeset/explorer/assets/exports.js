// What leaves the page: numbers, a call in Python, and pictures.
import { colourOf, ink } from "./colours.js";
import { exact, shown } from "./numbers.js";

/** Hand a text to the user as a file. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Times in the first column, then a column for each mode, headed by its eigenvalue. */
export function csv(at, lines, setting) {
  const head = ["t", ...setting.lams.map((lam) => `${setting.quantity} lam=${exact(lam)}`)];
  const rows = Array.from(at, (t, i) => [t, ...lines.map((line) => line[i] ?? NaN)].map(exact).join(","));
  return `${[head.join(","), ...rows].join("\n")}\n`;
}

const real = (value) => (Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : exact(value));

/** The calls that compute the same in Python. */
export function python(at, setting) {
  const grid = setting.scale === "log" ? "geomspace" : "linspace";
  const mode = ["noise", "decay", "w1", "w2", "tau"].map((name) => `"${name}": ${real(setting[name])}`).join(", ");
  const wanted = setting.quantity;
  const call = wanted === "w1" || wanted === "w2" ? `weights(t[:, None], lam, **mode)[${wanted === "w1" ? 0 : 1}]` : `${wanted}(t[:, None], lam, **mode)`;
  const lines = [
    "import modeflow",
    "import numpy as np",
    "",
    `t = np.${grid}(${real(at[0])}, ${real(at.at(-1))}, ${at.length})`,
    `lam = np.array([${setting.lams.map(real).join(", ")}])`,
    `mode = {${mode}}`,
    `${wanted} = modeflow.${call}`,
    'rest = modeflow.fixed_point(lam, noise=mode["noise"], decay=mode["decay"])',
    `learning_time = modeflow.learning_time(${real(setting.share)} * rest, lam, **mode)`,
  ];
  return `${lines.join("\n")}\n`;
}

// A chart as SVG -----------------------------------------------------------------------------------------------

const BOX = { width: 720, height: 400, left: 70, right: 20, top: 16, bottom: 52 };

/** x, y: {label, log}; lines: {values, colour, width}; marks: {values, colour, square}; all over one list of x. */
export function svg({ at, x, y, lines = [], marks = [] }) {
  const values = [...lines, ...marks].flatMap((one) => one.values.filter((value) => Number.isFinite(value) && (!y.log || value > 0)));
  const across = axis(at.filter((value) => !x.log || value > 0), x.log, BOX.left, BOX.width - BOX.right);
  const up = axis(values, y.log, BOX.height - BOX.bottom, BOX.top);
  const parts = [
    `<rect width="${BOX.width}" height="${BOX.height}" fill="${ink("paper")}"/>`,
    ...across.ticks.map((value) => gridLine(across.place(value), null) + words(across.place(value), BOX.height - BOX.bottom + 18, shown(value, 4), "middle")),
    ...up.ticks.map((value) => gridLine(null, up.place(value)) + words(BOX.left - 8, up.place(value) + 4, shown(value, 4), "end")),
    words((BOX.left + BOX.width - BOX.right) / 2, BOX.height - 10, x.label, "middle"),
    `<g transform="rotate(-90 16 ${BOX.height / 2})">${words(16, BOX.height / 2, y.label, "middle")}</g>`,
    ...lines.map((line) => polyline(at, line, across, up)),
    ...marks.flatMap((one) => one.values.map((value, i) => (Number.isFinite(value) && (!y.log || value > 0) ? shape(across.place(at[i]), up.place(value), one) : ""))),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${BOX.width} ${BOX.height}" font-family="system-ui, sans-serif" font-size="13">${parts.join("")}</svg>`;
}

/** Where values go between two ends of the picture, and round numbers on the way. */
function axis(values, log, from, to) {
  const scaled = log ? Math.log10 : (value) => value;
  const ends = [Math.min(...values), Math.max(...values)].map(scaled);
  const [low, high] = ends[0] < ends[1] ? ends : [ends[0] - 0.5, ends[0] + 0.5];
  const place = (value) => from + ((to - from) * (scaled(value) - low)) / (high - low);
  return { place, ticks: (log ? powers : rounds)(low, high) };
}

function powers(low, high) {
  const all = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, k) => 10 ** (Math.ceil(low) + k));
  return all.length > 1 ? all : [10 ** low, 10 ** high].map((value) => Number(value.toPrecision(2)));
}

function rounds(low, high) {
  const unit = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((size) => (high - low) / size <= 6);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

const words = (x, y, text, anchor) => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${ink("ink")}" text-anchor="${anchor}">${text}</text>`;

function gridLine(x, y) {
  const [left, right, top, bottom] = [BOX.left, BOX.width - BOX.right, BOX.top, BOX.height - BOX.bottom];
  const ends = x === null ? `x1="${left}" x2="${right}" y1="${y}" y2="${y}"` : `x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"`;
  return `<line ${ends} stroke="${ink("line")}"/>`;
}

function polyline(at, { values, colour, width }, across, up) {
  const pieces = [];
  let pen = "M";
  at.forEach((x, i) => {
    if (!Number.isFinite(values[i]) || values[i] === null) return void (pen = "M");
    const place = [across.place(x), up.place(values[i])];
    if (place.every(Number.isFinite)) pieces.push(`${pen}${place[0].toFixed(2)} ${place[1].toFixed(2)}`);
    pen = "L";
  });
  return `<path d="${pieces.join("")}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
}

const shape = (x, y, { colour, square }) =>
  square
    ? `<rect x="${(x - 3).toFixed(1)}" y="${(y - 3).toFixed(1)}" width="6" height="6" fill="${colour}"/>`
    : `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" fill="none" stroke="${colour}" stroke-width="1.5"/>`;

/** The lines of all modes, the selected one on top. */
export function curveLines(lines, setting) {
  const all = lines.map((values, k) => ({ values, colour: colourOf(setting.lams[k], setting.lams), width: 1.5 }));
  return [...all, { ...all[setting.mode], colour: ink("accent"), width: 3 }];
}
