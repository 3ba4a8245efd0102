// What is chosen on the chart stands in the form.

import { ZONE_MS } from "./server_time.js";

const local = (ms) => new Date(ms + ZONE_MS).toISOString().slice(0, ms % 1000 ? 23 : 19);

document.addEventListener("qingyuan:span", ({ detail }) => {
  document.querySelector("[name=begin]").value = local(detail.from);
  document.querySelector("[name=end]").value = local(detail.to);
});
