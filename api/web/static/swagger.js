// Swagger leaves some of what one uses without a name, or calls it by another than is seen.

const NAMES = {
  "textarea.body-param__text": "Request body",
  "button.close-modal": "Close",
  "button.modal-btn.authorize": "Authorize",
};

new MutationObserver(() => {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const found of document.querySelectorAll(selector)) found.ariaLabel = name;
  }
}).observe(document.body, { childList: true, subtree: true });
