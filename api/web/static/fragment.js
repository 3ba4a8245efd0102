// Whoever followed a link within the page and went on by keyboard before the last script was there
// stays: browsers go to the address's fragment once more when the page is complete, and take the
// focus back to where it points.

document.addEventListener("DOMContentLoaded", () => {
  if (location.hash && document.activeElement !== document.body) {
    history.replaceState(history.state, "", location.pathname + location.search);
  }
});
