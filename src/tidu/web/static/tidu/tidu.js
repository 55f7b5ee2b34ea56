// Small things a page cannot do without a script; each works on what the server wrote.
"use strict";

// A form that was changed asks before it is left, and says so.
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.changed = "yes";
});
document.addEventListener("submit", (event) => {
  delete event.target.dataset.changed;
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]")) event.preventDefault();
});

// The summary of errors takes the focus, so that a screen reader begins there; else
// what was asked for does, where a fragment says so.
function focusOnNews() {
  const place = document.querySelector(".error-summary:not(.sample), [data-focus]");
  if (!place) return;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}
document.addEventListener("DOMContentLoaded", focusOnNews);
document.addEventListener("htmx:afterSettle", focusOnNews);

// Refused or failed answers to HTMX requests are shown, never swallowed: what the server
// wrote for this place (bad input, too many tries), else the note on top of the page.
const WRITTEN = new Set([413, 422, 429]);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (WRITTEN.has(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
function sayNotAnswered() {
  const note = document.getElementById("not-answered");
  note.hidden = false;
  note.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:responseError", sayNotAnswered);
document.addEventListener("htmx:sendError", sayNotAnswered);
document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("not-answered").hidden = true;
});

// Print, or save as PDF, by the browser's own dialogue; closed parts are opened for it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details:not([open])")) {
    each.open = true;
    each.dataset.openedForPrint = "yes";
  }
});
window.addEventListener("afterprint", () => {
  for (const each of document.querySelectorAll("[data-opened-for-print]")) {
    each.open = false;
    delete each.dataset.openedForPrint;
  }
});
