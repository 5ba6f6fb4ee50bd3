// Every mode in a table, and the selected one in words.
import { byId } from "./controls.js";
import { colourOf } from "./colours.js";
import { exact, shown } from "./numbers.js";

const COLUMNS = ["lam", "rest", "strength", "w1", "w2", "loss", "time"];

/** Fill a cell: a number that people read, whose value in full is its own. */
export function write(cell, value, digits) {
  const text = shown(value, digits);
  if (cell.textContent !== text) cell.textContent = text;
  cell.value = exact(value);
}

function row(k, select) {
  const line = document.createElement("tr");
  const head = line.appendChild(document.createElement("th"));
  head.scope = "row";
  const button = head.appendChild(document.createElement("button"));
  button.type = "button";
  button.textContent = k + 1;
  button.setAttribute("aria-label", `select mode ${k + 1}`);
  button.addEventListener("click", () => select(k));
  for (const name of COLUMNS) {
    const cell = line.appendChild(document.createElement("td")).appendChild(document.createElement("data"));
    cell.dataset.column = name;
  }
  return line;
}

/** The rows, as many as there are modes. */
export function fillTable(readings, setting, select) {
  const body = byId("modes");
  while (body.rows.length > readings.length) body.deleteRow(-1);
  while (body.rows.length < readings.length) body.append(row(body.rows.length, select));
  readings.forEach((reading, k) => fillRow(body.rows[k], reading, k === setting.mode, colourOf(reading.lam, setting.lams)));
}

function fillRow(line, reading, selected, colour) {
  line.toggleAttribute("aria-current", selected);
  line.cells[0].style.borderLeftColor = colour;
  COLUMNS.forEach((name, place) => write(line.cells[place + 1].firstChild, reading[name], 6));
}

/** The readings of the selected mode, to ten digits. */
export function fillReading(reading) {
  for (const name of COLUMNS) write(byId(`read-${name}`), reading[name], 10);
}
