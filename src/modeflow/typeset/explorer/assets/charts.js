// The curves, drawn by uPlot.
import { ink } from "./colours.js";
import { shown } from "./numbers.js";

const LABELLED = 6; // curves that are named at their end; of more, the selected one alone

const axis = (label, more = {}) => ({
  label,
  stroke: ink("ink"),
  grid: { stroke: ink("line"), width: 1 },
  ticks: { stroke: ink("line"), width: 1 },
  font: "12px system-ui, sans-serif",
  labelFont: "13px system-ui, sans-serif",
  ...more,
});

const scale = (log) => ({ time: false, distr: log ? 3 : 1 });

/** A chart that is made anew when its kind changes, and given new data otherwise. */
export class Chart {
  constructor(place, options) {
    [this.place, this.options, this.kind, this.near] = [place, options, null, null];
    new ResizeObserver(() => this.resize()).observe(place);
  }

  draw(kind, given, data) {
    const key = JSON.stringify(kind);
    this.given = given;
    if (key !== this.kind) this.make(kind, data);
    else this.plot.setData(data);
    this.kind = key;
  }

  make(kind, data) {
    this.plot?.destroy();
    const size = { width: this.place.clientWidth || 600, height: this.height() };
    this.plot = new uPlot({ ...size, legend: { show: false }, ...this.options(kind, this) }, data, this.place);
  }

  height() {
    return Math.round(Math.min(380, Math.max(210, (this.place.clientWidth || 600) * 0.5)));
  }

  resize() {
    if (this.plot && this.place.clientWidth > 0) this.plot.setSize({ width: this.place.clientWidth, height: this.height() });
  }

  /** Make it anew at the next drawing, as for other colours. */
  forget() {
    this.kind = null;
  }
}

const TITLES = { strength: "strength w", w1: "encoder weight w₁", w2: "decoder weight w₂", loss: "loss (unit of λ)" };

/** Options of the curves over time. kind: quantity, scale, and how many modes there are. */
export function curveOptions({ quantity, scale: time, count }, chart) {
  const series = Array.from({ length: count }, (_, k) => ({
    stroke: () => chart.given.colours[k],
    width: 1.5,
    points: { show: false },
  }));
  return {
    scales: { x: scale(time === "log") },
    axes: [axis("time t (unit of τ)"), axis(TITLES[quantity], { size: 60 })],
    series: [{}, ...series],
    cursor: { focus: { prox: 24 }, drag: { x: false, y: false }, points: { show: false } },
    focus: { alpha: 0.25 },
    hooks: {
      draw: [(plot) => drawOver(plot, chart.given)],
      setSeries: [(_, k) => (chart.near = k)],
      ready: [(plot) => plot.over.addEventListener("click", () => chart.near > 0 && chart.pick(chart.near - 1))],
    },
  };
}

/** The selected curve once more, thick and in ink; names at the ends of curves; the time of the reading. */
function drawOver(plot, { lams, mode, at }) {
  const pen = plot.ctx;
  pen.save();
  verticalAt(plot, at);
  strokeSeries(plot, mode + 1);
  const named = lams.length <= LABELLED && plot.width > 480 ? lams.map((_, k) => k) : [mode];
  for (const k of named) nameAt(plot, k + 1, `λ = ${shown(lams[k], 3)}`, k === mode);
  pen.restore();
}

function verticalAt(plot, time) {
  const { ctx: pen, bbox } = plot;
  const x = plot.valToPos(time, "x", true);
  if (!(x >= bbox.left && x <= bbox.left + bbox.width)) return;
  pen.strokeStyle = ink("soft");
  pen.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  pen.beginPath();
  pen.moveTo(x, bbox.top);
  pen.lineTo(x, bbox.top + bbox.height);
  pen.stroke();
  pen.setLineDash([]);
}

function strokeSeries(plot, k) {
  const { ctx: pen, data, bbox } = plot;
  pen.beginPath();
  pen.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  pen.clip();
  pen.beginPath();
  data[k].forEach((y, i) => Number.isFinite(y) && pen.lineTo(plot.valToPos(data[0][i], "x", true), plot.valToPos(y, "y", true)));
  pen.strokeStyle = ink("accent");
  pen.lineWidth = 3 * devicePixelRatio;
  pen.stroke();
}

function nameAt(plot, k, text, strong) {
  const { ctx: pen, data, bbox } = plot;
  const last = data[k].findLastIndex(Number.isFinite);
  if (last < 0) return;
  const at = Math.floor(strong ? last * 0.62 : last);
  pen.font = `${strong ? "bold " : ""}${12 * devicePixelRatio}px system-ui, sans-serif`;
  pen.textAlign = strong ? "left" : "right";
  pen.textBaseline = "bottom";
  const [x, y] = [plot.valToPos(data[0][at], "x", true), plot.valToPos(data[k][at], "y", true)];
  pen.lineWidth = 4 * devicePixelRatio;
  pen.strokeStyle = ink("paper");
  pen.strokeText(text, x, Math.max(y - 5 * devicePixelRatio, bbox.top + 16 * devicePixelRatio));
  pen.fillStyle = ink(strong ? "accent" : "ink");
  pen.fillText(text, x, Math.max(y - 5 * devicePixelRatio, bbox.top + 16 * devicePixelRatio));
}

const square = (plot, k, from, to) => marks(plot, k, from, to, (path, x, y, r) => path.rect(x - r, y - r, 2 * r, 2 * r));
const circle = (plot, k, from, to) => marks(plot, k, from, to, (path, x, y, r) => (path.moveTo(x + 1.6 * r, y), path.arc(x, y, 1.6 * r, 0, 7)));

function marks(plot, k, from, to, shape) {
  const path = new Path2D();
  for (let i = from; i <= to; i++) {
    const [x, y] = [plot.data[0][i], plot.data[k][i]];
    if (Number.isFinite(y)) shape(path, plot.valToPos(x, "x", true), plot.valToPos(y, "y", true), 3.5 * devicePixelRatio);
  }
  return { stroke: path, fill: path, flags: 3 };
}

/** Options of a chart over the eigenvalue: a line and the modes, as circles and squares. */
export function spectrumOptions({ label, log, names }) {
  const line = { stroke: ink("soft"), width: 1.5, points: { show: false }, spanGaps: true };
  const one = (shape, colour, fill) => ({ stroke: ink(colour), fill, width: 1.5, paths: shape, points: { show: false } });
  return {
    scales: { x: scale(true), y: scale(log) },
    axes: [axis("eigenvalue λ (unit of the data's variance)"), axis(label, { size: 60 })],
    series: [{}, line, one(circle, "accent", "transparent"), one(square, "other", ink("other"))].slice(0, names + 1),
    cursor: { show: false },
  };
}
