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

// The summary of errors takes the focus, so that a screen reader begins there.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".error-summary")?.focus();
});

// Refused or failed answers to HTMX requests are shown, never swallowed.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
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
