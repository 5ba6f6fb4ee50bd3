// Colours: a ramp by the size of the eigenvalue that is told apart with any colour vision, and the ink of the page.
const RAMP = {
  light: ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#8f7f3f", "#a3861c"],
  dark: ["#7fa7e8", "#8fb0d8", "#a3b4c4", "#b6b6b0", "#c9b995", "#dcc070", "#ecca4e", "#fde737"],
};

const dark = window.matchMedia("(prefers-color-scheme: dark)");

const inks = new Map();

/** Call it whenever light becomes dark, or the reverse. */
export function onTheme(call) {
  dark.addEventListener("change", () => {
    inks.clear();
    call();
  });
}

/** A colour of the page, by the name of its variable; asked once, as asking has the page laid out. */
export function ink(name) {
  if (!inks.has(name)) inks.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  return inks.get(name);
}

/** The colour at a share from 0 to 1 of the ramp. */
export function ramp(share) {
  const stops = dark.matches ? RAMP.dark : RAMP.light;
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const [low, part] = [Math.min(Math.floor(place), stops.length - 2), place - Math.min(Math.floor(place), stops.length - 2)];
  return mixed(stops[low], stops[low + 1], part);
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function mixed(one, other, part) {
  const [from, to] = [channels(one), channels(other)];
  const mean = from.map((value, i) => Math.round(value + (to[i] - value) * part));
  return `#${mean.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** The colour of a mode: by the logarithm of its eigenvalue, from the smallest to the largest. */
export function colourOf(lam, lams) {
  const logs = [lam, ...span(lams)].map((value) => Math.log(value));
  const share = (logs[0] - logs[1]) / (logs[2] - logs[1]);
  return ramp(Number.isFinite(share) ? share : lam > 0 ? 1 : 0);
}

/** The smallest eigenvalue above 0, and the largest. */
export function span(lams) {
  const positive = lams.filter((lam) => lam > 0);
  return positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [1, 1];
}
