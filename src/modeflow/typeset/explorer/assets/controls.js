// Number fields and sliders: what is typed or slid becomes the setting, or is refused beside its field.
import { numbers, shown } from "./numbers.js";

export const MOST_MODES = 512;
const STEPS = 400; // of a slider

/** name: range of the slider, whether it is logarithmic with 0 at its left end, and which values are allowed. */
const FIELDS = {
  lam: { log: [-4, 1], zero: true, by: "lams" },
  noise: { log: [-4, 1], zero: true, by: "lams" },
  decay: { log: [-4, 1], zero: true, by: "lams" },
  w1: { linear: [-2, 2] },
  w2: { linear: [-2, 2] },
  tau: { log: [-2, 5], positive: true },
  share: { linear: [0.01, 0.99], open: true },
  at: { window: true },
};

export const byId = (id) => document.getElementById(id);

/** The decades of a slider: those about the largest eigenvalue for what has its unit. */
function decades({ log, by }, setting) {
  const most = Math.max(...setting.lams);
  const middle = by && most > 0 ? Math.round(Math.log10(most)) : 0;
  return log.map((end) => end + middle);
}

function valueOf(place, field, setting) {
  const share = place / STEPS;
  if (field.window) return setting.window * share;
  const [low, high] = field.linear ?? decades(field, setting);
  if (field.linear) return Number((low + (high - low) * share).toPrecision(12));
  if (field.zero && place === 0) return 0;
  return Number((10 ** (low + (high - low) * share)).toPrecision(3));
}

function placeOf(value, field, setting) {
  if (field.window) return Math.round((STEPS * value) / setting.window);
  const [low, high] = field.linear ?? decades(field, setting);
  const at = field.linear ? value : Math.log10(value);
  return Math.round(STEPS * Math.min(Math.max((at - low) / (high - low), 0), 1));
}

/** The value, or an error that says what may be written. */
function checked(text, field) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new RangeError(`Write a number, such as 0.5.`);
  const size = Math.abs(value);
  if (size > 1e12 || (size > 0 && size < 1e-30)) throw new RangeError("Give 0, or a number whose size is from 1e-30 to 1e12.");
  if (field.positive && value <= 0) throw new RangeError("A time constant is above 0.");
  if (field.open && (value <= 0 || value >= 1)) throw new RangeError("Give a share between 0 and 1.");
  if (!field.linear && value < 0) throw new RangeError("It must be at least 0.");
  return value;
}

/** Show a refusal beside a field, or take it away. */
function complain(id, message) {
  const field = byId(id);
  field.setAttribute("aria-invalid", String(message !== ""));
  byId(`${id}-error`).textContent = message;
}

/** Call `change` with each part of the setting that the user changes. */
export function listen(setting, change) {
  for (const [name, field] of Object.entries(FIELDS)) {
    byId(name).addEventListener("input", (event) => accept(name, () => checked(event.target.value, field), change));
    byId(`${name}-slider`).addEventListener("input", (event) => {
      complain(name, "");
      change({ [name]: valueOf(Number(event.target.value), field, setting()) });
    });
  }
  byId("lams").addEventListener("input", (event) => accept("lams", () => numbers(event.target.value, MOST_MODES), change));
  byId("mode").addEventListener("input", (event) => accept("mode", () => whole(event.target.value, setting()), change));
  for (const name of ["quantity", "scale"]) byId(name).addEventListener("change", (event) => change({ [name]: event.target.value }));
  byId("window").addEventListener("input", (event) => accept("window", () => checked(event.target.value, { positive: true }), change));
  byId("fit").addEventListener("click", () => change({ window: null }));
}

function whole(text, { lams }) {
  const k = Number(text);
  if (!Number.isInteger(k) || k < 1 || k > lams.length) throw new RangeError(`Give a whole number from 1 to ${lams.length}.`);
  return k - 1;
}

function accept(name, read, change) {
  try {
    const value = read();
    complain(name, "");
    change({ [name]: value });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    complain(name, error.message);
  }
}

/** Put the setting into all fields but the one that is being written in. */
export function fill(setting) {
  const value = { ...setting, lam: setting.lams[setting.mode] };
  for (const [name, field] of Object.entries(FIELDS)) {
    put(name, value[name]);
    const slider = byId(`${name}-slider`);
    slider.max = STEPS;
    slider.value = placeOf(value[name], field, setting);
    slider.setAttribute("aria-valuetext", shown(value[name], 4));
  }
  put("mode", setting.mode + 1);
  byId("mode").max = setting.lams.length;
  put("lams", setting.lams.join(" "));
  put("window", setting.window);
  for (const name of ["quantity", "scale"]) byId(name).value = setting[name];
  byId("mode-count").textContent = `of ${setting.lams.length}`;
}

function put(id, value) {
  const field = byId(id);
  if (field === document.activeElement) return;
  field.value = String(value);
  complain(id, "");
}
