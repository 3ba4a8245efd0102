// Brings a node that stands to the state of a fresh copy and touches only what differs: focus stays,
// and a live region is announced. Rows are known by id, data-key or address.

const key = (node) => node.id || node.dataset?.key || node.getAttribute?.("href") || "";
const alike = (a, b) => a.nodeName === b.nodeName && key(a) === key(b);
const OF_THE_READER = new Set(["open", "data-left-out"]);

export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !OF_THE_READER.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    let same = at;
    while (same && !alike(same, next)) same = same.nextSibling;
    if (same) morph(same, next);
    if (same && same === at) at = at.nextSibling;
    else old.insertBefore(same ?? next, at);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}
