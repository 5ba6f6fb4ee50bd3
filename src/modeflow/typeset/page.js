// Copies what a button holds; shows which boxes of a graph belong together. Without it, the page says the same.
document.documentElement.classList.add("scripted");

const said = document.getElementById("said");

function say(text) {
  said.textContent = text;
  said.classList.add("shown");
  setTimeout(() => said.classList.remove("shown"), 1500);
}

function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done ? Promise.resolve() : Promise.reject(new Error("the browser does not allow it"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  copied(button.dataset.copy).then(
    () => say(`Copied: ${button.dataset.copy}`),
    (error) => say(`Not copied: ${error.message}`),
  );
});

function mark(box, on) {
  const key = box.dataset.key;
  for (const line of box.closest("svg").querySelectorAll("path")) {
    if (line.dataset.from === key || line.dataset.to === key) line.classList.toggle("hot", on);
  }
}

for (const box of document.querySelectorAll("svg .box")) {
  const whole = box.closest("a") || box;
  for (const [event, on] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]]) {
    whole.addEventListener(event, () => mark(box, on));
  }
}
