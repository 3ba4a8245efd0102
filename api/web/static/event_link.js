// Tells, once, that a person reads the page behind a link: whoever only fetches the page, and runs
// its scripts, neither touches it nor scrolls.

const form = document.getElementById("answer");
const SIGNS = ["pointerdown", "touchstart", "wheel", "keydown"];

function read(event) {
  if (!event.isTrusted || document.hidden) return;
  for (const sign of SIGNS) removeEventListener(sign, read);
  const body = new URLSearchParams({ form: form.elements.form.value });
  fetch(form.dataset.read, { method: "POST", body, keepalive: true });
}

for (const sign of SIGNS) addEventListener(sign, read, { passive: true });
