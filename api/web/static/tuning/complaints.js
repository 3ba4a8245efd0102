// Complaints at the fields that they speak of.

let made = 0;

export function complain(field, text) {
  const said = document.createElement("p");
  Object.assign(said, { className: "wrong", id: `wrong-${made++}`, textContent: text });
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", said.id);
  field.closest("label").after(said);
}

export function appease(form) {
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    document.getElementById(field.getAttribute("aria-describedby")).remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

// A draft that would be lost asks before its page is left.
export function guard(...forms) {
  const written = () =>
    JSON.stringify(forms.flatMap((form) => [...form.elements].map((f) => [f.value, f.checked])));
  const begun = written();
  const ask = (event) => written() !== begun && event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}
