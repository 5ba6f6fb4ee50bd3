// The loss of the selected mode over both weights: contours, flow lines, the points of rest, and the path, as SVG.
import { ink } from "./colours.js";
import { lossOf } from "./model.js";
import { shown } from "./numbers.js";

const SIZE = 440;
const FRAME = { left: 52, right: 12, top: 12, bottom: 46 };
const CELLS = 56;
const LEVELS = 12;
const SEEDS = 9;

/** The SVG of the surface. path: both weights over time; now: those at the time of the reading. */
export function surface(lam, setting, path, now) {
  const half = extent(lam, setting, path);
  const place = placing(half);
  const parts = [
    contours(lam, setting, half, place),
    flowLines(lam, setting, half, place),
    axes(half, place),
    trace(path, place),
    rests(lam, setting, half, place),
    mark(place(now.w1, now.w2), "now"),
    mark(place(setting.w1, setting.w2), "start"),
  ];
  const label = `Loss over both weights, and the path from (${shown(setting.w1)}, ${shown(setting.w2)}) to (${shown(now.w1)}, ${shown(now.w2)})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${label}">${parts.join("")}</svg>`;
}

/** Half the side of the square that is shown: with the start, the path and the points of rest in it. */
function extent(lam, { w1, w2, noise, decay }, path) {
  const rest = Math.sqrt(Math.max(lam - decay, 0) / (lam + noise || 1));
  const far = [w1, w2, rest, ...path.w1, ...path.w2].filter(Number.isFinite).map(Math.abs);
  const most = 1.25 * Math.max(...far);
  return most > 1e-100 ? most : 1;
}

function placing(half) {
  const [width, height] = [SIZE - FRAME.left - FRAME.right, SIZE - FRAME.top - FRAME.bottom];
  return (x, y) => [FRAME.left + (width * (x / half + 1)) / 2, FRAME.top + (height * (1 - y / half)) / 2];
}

const point = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

// Contours -----------------------------------------------------------------------------------------------------

function contours(lam, setting, half, place) {
  const at = Array.from({ length: CELLS + 1 }, (_, k) => half * ((2 * k) / CELLS - 1));
  const heights = at.map((y) => at.map((x) => lossOf(lam, setting, x, y)));
  const all = heights.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  // Closer together near the minimum, where the mode comes to rest.
  const levels = Array.from({ length: LEVELS }, (_, k) => low + (high - low) * ((k + 0.5) / LEVELS) ** 2);
  return levels.map((level, k) => {
    const opacity = (0.35 + (0.6 * k) / LEVELS).toFixed(2);
    return `<path d="${contour(heights, level, at, place)}" fill="none" stroke="${ink("soft")}" stroke-opacity="${opacity}"/>`;
  }).join("");
}

/** Marching squares: in each cell, the lines between the edges that the level crosses. */
function contour(heights, level, at, place) {
  const lines = [];
  for (let j = 0; j < CELLS; j++) {
    for (let i = 0; i < CELLS; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossed = corners.map((from, k) => crossing(heights, level, at, from, corners[(k + 1) % 4])).filter(Boolean);
      for (let k = 0; k + 1 < crossed.length; k += 2) lines.push(`M${point(place(...crossed[k]))}L${point(place(...crossed[k + 1]))}`);
    }
  }
  return lines.join("");
}

function crossing(heights, level, at, [i, j], [k, l]) {
  const [one, other] = [heights[j][i] - level, heights[l][k] - level];
  if (one < 0 === other < 0) return null;
  const part = one / (one - other);
  return [at[i] + part * (at[k] - at[i]), at[j] + part * (at[l] - at[j])];
}

// The flow -----------------------------------------------------------------------------------------------------

/** Where the weights go: minus the gradient of the loss, as a direction. */
function direction(lam, { noise, decay }, x, y) {
  const pull = lam - (lam + noise) * x * y;
  const [dx, dy] = [y * pull - decay * x, x * pull - decay * y];
  const size = Math.hypot(dx, dy);
  return size > 0 ? [dx / size, dy / size] : [0, 0];
}

function flowLines(lam, setting, half, place) {
  const seeds = Array.from({ length: SEEDS }, (_, k) => half * ((2 * k + 1) / SEEDS - 1));
  const lines = seeds.flatMap((y) => seeds.map((x) => flowLine(lam, setting, x, y, (1.5 * half) / SEEDS, place)));
  return `<g fill="none" stroke="${ink("other")}" stroke-opacity="0.55" stroke-width="1.2">${lines.join("")}</g>`;
}

function flowLine(lam, setting, x, y, length, place) {
  const points = [[x, y]];
  const step = length / 12;
  for (let k = 0; k < 12; k++) {
    const [dx, dy] = direction(lam, setting, x, y);
    const [ex, ey] = direction(lam, setting, x + (step * dx) / 2, y + (step * dy) / 2);
    if (dx * ex + dy * ey < 0.5) break; // at a point of rest
    [x, y] = [x + step * ex, y + step * ey];
    points.push([x, y]);
  }
  if (points.length < 4) return "";
  const drawn = points.map(([a, b]) => place(a, b));
  return `<path d="M${drawn.map(point).join("L")}${arrow(drawn.at(-2), drawn.at(-1))}"/>`;
}

function arrow([fromX, fromY], [x, y]) {
  const angle = Math.atan2(y - fromY, x - fromX);
  const wing = (turn) => point([x - 5 * Math.cos(angle + turn), y - 5 * Math.sin(angle + turn)]);
  return `M${wing(0.5)}L${point([x, y])}L${wing(-0.5)}`;
}

// The mode -----------------------------------------------------------------------------------------------------

function trace({ w1, w2 }, place) {
  const points = Array.from(w1, (x, i) => [x, w2[i]]).filter((pair) => pair.every(Number.isFinite));
  const d = points.map(([x, y]) => point(place(x, y))).join("L");
  return `<path d="M${d}" fill="none" stroke="${ink("accent")}" stroke-width="3" stroke-linejoin="round"/>`;
}

/** Minima, as dots or a dashed line, and the origin as a cross where it is a saddle: for a decay below the eigenvalue. */
function rests(lam, { noise, decay }, half, place) {
  const rest = Math.max(lam - decay, 0) / (lam + noise || 1);
  if (rest === 0) return lam + noise + decay > 0 ? dot(place(0, 0)) : "";
  const size = Math.sqrt(rest);
  const minima = decay > 0 ? [dot(place(size, size)), dot(place(-size, -size))] : [1, -1].map((side) => branch(rest, half, side, place));
  return [cross(place(0, 0)), ...minima].join("");
}

/** One side of the hyperbola w1 w2 = w*, on which the loss is least without decay. */
function branch(rest, half, side, place) {
  const far = Math.log(half / Math.sqrt(rest));
  const points = Array.from({ length: 41 }, (_, k) => Math.exp(far * (k / 20 - 1)) * Math.sqrt(rest));
  const d = points.map((x) => point(place(side * x, (side * rest) / x))).join("L");
  return `<path d="M${d}" fill="none" stroke="${ink("ink")}" stroke-width="1.5" stroke-dasharray="6 4"/>`;
}

const dot = ([x, y]) => `<circle cx="${x}" cy="${y}" r="5" fill="${ink("ink")}"/>`;
const cross = ([x, y]) => `<path d="M${x - 5} ${y - 5}l10 10m0 -10l-10 10" stroke="${ink("ink")}" stroke-width="2"/>`;

function mark([x, y], kind) {
  if (!Number.isFinite(x + y)) return ""; // the mode is not known there
  const look = `fill="${ink("paper")}" stroke="${ink("accent")}" stroke-width="2.5"`;
  return kind === "start" ? `<circle cx="${x}" cy="${y}" r="5" ${look}/>` : `<rect x="${x - 5}" y="${y - 5}" width="10" height="10" ${look}/>`;
}

// The frame ----------------------------------------------------------------------------------------------------

function axes(half, place) {
  const [left, bottom] = place(-half, -half);
  const [right, top] = place(half, half);
  const ticks = [-1, -0.5, 0, 0.5, 1].map((share) => round(share * half * 0.8));
  const text = (x, y, words, more = "") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${ink("ink")}" font-size="12" font-family="system-ui, sans-serif" ${more}>${words}</text>`;
  const below = ticks.map((value) => text(place(value, 0)[0], bottom + 16, shown(value, 2), 'text-anchor="middle"'));
  const beside = ticks.map((value) => text(left - 6, place(0, value)[1] + 4, shown(value, 2), 'text-anchor="end"'));
  const middle = (top + bottom) / 2;
  return [
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="none" stroke="${ink("line")}"/>`,
    ...below,
    ...beside,
    text((left + right) / 2, bottom + 36, "encoder weight w₁", 'text-anchor="middle"'),
    text(14, middle, "decoder weight w₂", `text-anchor="middle" transform="rotate(-90 14 ${middle})"`),
  ].join("");
}

const round = (value) => Number(value.toPrecision(1));
