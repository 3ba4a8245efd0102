// A draft is saved as a new version; what does not hold is said at its field, and the first such
// field has the focus.

import { appease, complain, guard } from "./complaints.js";

// `box` has the words and the last version; `posted` sends to the API of the rule.
export function saves(saving, terms, { form, box, posted }) {
  const { reason, valid_from: begin } = saving.elements;
  const wrong = saving.querySelector(".wrong");
  const button = saving.querySelector("button");
  const { unreadable, reasonless, away, version } = box.dataset;
  const release = guard(terms, saving);
  const fieldAt = (where) => ({ reason, valid_from_ms: begin })[where] ?? form.at(where ?? "");

  saving.addEventListener("input", () => appease(saving));
  saving.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const part of [terms, saving]) appease(part);
    wrong.hidden = true;
    for (const field of form.unreadable) complain(field, unreadable);
    if (!reason.value.trim()) complain(reason, reasonless);
    if (focused()) return;
    button.disabled = true;
    const found = await posted("versions", {
      ...form.wanted(),
      version: Number(version),
      reason: reason.value,
      ...(begin.value ? { valid_from_ms: Date.parse(`${begin.value}+08:00`) } : {}),
    }).catch(() => ({ wrong: away }));
    button.disabled = false;
    if (!found.wrong) {
      release();
      location.assign(`?done=${found.state === "open" ? "proposed" : "saved"}`);
      return;
    }
    const field = fieldAt(found.where);
    if (field) complain(field, found.wrong);
    else Object.assign(wrong, { hidden: false, textContent: found.wrong });
    focused();
  });

  function focused() {
    const first = [...terms.elements, ...saving.elements].find((f) => f.ariaInvalid);
    first?.focus();
    return first;
  }
}
