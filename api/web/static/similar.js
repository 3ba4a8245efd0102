// Shows earlier suggestions of the same matter while somebody writes: the part of a page marked
// data-similar follows the title and the body of its form.

const WAITS_MS = 900;
const SHORTEST = 6;

for (const part of document.querySelectorAll("[data-similar]")) {
  const form = part.closest("form") ?? document.querySelector(part.dataset.form);
  let timer = 0;
  let asked = "";

  const ask = async () => {
    const title = form.elements.title.value;
    const body = form.elements.body.value;
    const text = JSON.stringify([title, body]);
    if (text === asked || title.length + body.length < SHORTEST) return;
    asked = text;
    const sent = new URLSearchParams({ title, body, but: part.dataset.but ?? "0" });
    try {
      const answer = await fetch(part.dataset.similar, { method: "POST", body: sent });
      if (!answer.ok || text !== asked) return;
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
      part.replaceChildren(...shown.body.childNodes);
    } catch {
      asked = "";
    }
  };

  form?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAITS_MS);
  });
  ask();
}
