// The formulas that hold for the selected mode, with its numbers, the claims that they are, and the verdicts on them.
import { byId } from "./controls.js";
import { valuesOf } from "./names.mjs";
import { shown } from "./numbers.js";

/** Which closed form holds for a start. */
export function caseOf(lam, { w1, w2, noise, decay }) {
  const same = Math.abs(w1) === Math.abs(w2);
  if ((w1 === 0 && w2 === 0) || (lam === 0 && noise === 0 && (decay === 0 || !same))) return "resting";
  if (!same) return decay > 0 ? "integrated" : "unequal";
  if (w1 === w2) return lam === decay ? "critical" : "alike";
  return lam === 0 && decay === 0 ? "idle" : "opposite";
}

/** The numbers of the letters in the claims. */
function letters(reading, setting) {
  const { noise, decay, w1, w2, tau, at, share } = setting;
  const [small, large] = Math.abs(w1) < Math.abs(w2) ? [w1, w2] : [w2, w1];
  const sign = Math.sign(large) || 1;
  return {
    lam: reading.lam, eps: noise, gamma: decay, decay, tau, t: at, a: w1, b: w2, x: share * reading.rest,
    p: sign * (small + large), q: sign * (large - small), r: Math.abs(w1), w0: w1 * w2,
  };
}

/** A section for each claim of the case, made anew only when the case changes; numbers always. */
export function fillFormulas(reading, setting, { cases, claims, pages }) {
  const key = caseOf(reading.lam, setting);
  const place = byId("formulas");
  if (place.dataset.case !== key) {
    place.dataset.case = key;
    place.innerHTML = Object.keys(cases[key]).map((id) => article(id, claims[id], pages)).join("");
  }
  const given = letters(reading, setting);
  for (const [id, result] of Object.entries(cases[key])) fillArticle(id, given, resultOf(result, reading, setting), result);
}

/** What a formula gives; undefined where it does not hold: for a mode that dies, and a strength that is not ahead. */
function resultOf(name, reading, { decay }) {
  if (name === "squared_sum") return (reading.w1 + reading.w2) ** 2;
  if (name === "rest" && !(reading.lam > decay)) return undefined;
  if (name === "time" && !(reading.time > 0 && reading.time < Infinity)) return undefined;
  return reading[name];
}

function article(id, { says, letters: formula, numbers, names, verdict }, pages) {
  const title = pages ? `<a href="${pages}${id}.html">${id}</a>` : id;
  const rows = names.map((name) => `<li><span class="formula">${name.letters} <data data-name="${name.id}"></data></span><span class="note">${name.says}</span></li>`);
  const list = rows.length > 0 ? `<details${id === "dae.direct" ? " open" : ""}><summary>What the names stand for, with their values</summary><ul class="names">${rows.join("")}</ul></details>` : "";
  return `<article id="claim-${id}"><h3><code>${title}</code></h3><p>${says}</p>
<div class="formula">${formula}</div>
<div class="formula numbers">${numbers}<span class="result"> = <data></data></span></div>
${list}<p class="note">Claim ${id}: ${verdict} Check it with <code>modeflow verify ${id}</code>.</p></article>`;
}

function fillArticle(id, given, result, name) {
  const place = byId(`claim-${id}`);
  for (const letter of place.querySelectorAll("mn[data-letter]")) letter.textContent = bracketed(letter, given[letter.dataset.letter]);
  place.querySelector(".numbers").hidden = name !== "" && result === undefined;
  place.querySelector(".result").hidden = result === undefined;
  place.querySelector(".result data").textContent = result === undefined ? "" : shown(result, 8);
  const values = valuesOf[id](given);
  for (const cell of place.querySelectorAll("[data-name]")) cell.textContent = cell.dataset.name in values ? `= ${shown(values[cell.dataset.name], 6)}` : "";
}

/** In brackets where it is negative, or multiplied by what comes before it. */
function bracketed(letter, value) {
  const before = letter.previousElementSibling;
  const follows = before !== null && letter.parentElement.localName !== "msub" && (before.localName !== "mo" || before.textContent === ")");
  return follows || value < 0 ? `(${shown(value, 4)})` : shown(value, 4);
}
