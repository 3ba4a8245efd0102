// What is chosen on the chart stands in the form.

const ZONE_MS = 8 * 3600e3;
const local = (ms) => new Date(ms + ZONE_MS).toISOString().slice(0, ms % 1000 ? 23 : 19);

document.addEventListener("qingyuan:span", ({ detail }) => {
  document.querySelector("[name=begin]").value = local(detail.from);
  document.querySelector("[name=end]").value = local(detail.to);
});
