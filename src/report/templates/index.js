"use strict";
const element = (id) => document.getElementById(id);
const filters = element("filters");
const rows = [...document.querySelectorAll("table.calls tbody tr")];
const texts = rows.map((row) => row.textContent.toLowerCase());

function matches(row, index) {
  const verdict = element("verdict").value;
  const category = element("category").value;
  const words = element("words").value.trim().toLowerCase();
  return (!verdict || row.dataset.verdict === verdict)
    && (!category || row.dataset.categories.split(" ").includes(category))
    && texts[index].includes(words);
}

function apply() {
  let shown = 0;
  rows.forEach((row, index) => {
    row.hidden = !matches(row, index);
    if (!row.hidden) shown += 1;
  });
  element("shown").textContent = shown === rows.length ? `${shown}` : `${shown} / ${rows.length}`;
  element("nothing").hidden = shown > 0;
  for (const name of ["verdict", "category"]) {
    for (const button of document.querySelectorAll(`button[data-${name}]`)) {
      button.setAttribute("aria-pressed", `${button.dataset[name] === element(name).value}`);
    }
  }
}

// A figure is a filter too; pressed again it lets go.
for (const name of ["verdict", "category"]) {
  for (const button of document.querySelectorAll(`button[data-${name}]`)) {
    button.addEventListener("click", () => {
      const select = element(name);
      select.value = select.value === button.dataset[name] ? "" : button.dataset[name];
      apply();
    });
  }
}
filters.addEventListener("input", apply);
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("reset", () => setTimeout(apply));
// Coming back from a call, the browser has kept the choices.
window.addEventListener("pageshow", apply);
filters.hidden = false;
apply();
