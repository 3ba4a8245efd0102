// Leaves out rows of a list that do not have what is written, also after it was renewed.

import { matches } from "./matching.js";

for (const box of document.querySelectorAll("[data-filter]")) filter(box);

function filter(box) {
  const list = document.getElementById(box.dataset.filter);
  const field = box.querySelector("input");
  const status = box.querySelector("[role=status]");

  function apply() {
    const rows = [...list.querySelectorAll(box.dataset.rows)];
    let shown = 0;
    for (const row of rows) {
      const fits = matches(row.textContent, field.value);
      row.toggleAttribute("data-left-out", !fits);
      if (fits) shown += 1;
    }
    const words = box.dataset.words.replace("{n}", shown).replace("{of}", rows.length);
    status.textContent = field.value.trim() ? words : "";
  }

  box.hidden = false;
  field.addEventListener("input", apply);
  document.addEventListener("qingyuan:renewed", apply);
  apply();
}
