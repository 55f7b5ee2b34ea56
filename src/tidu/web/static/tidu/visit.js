// A checklist on a bad line: what could not be sent stays on the phone and is sent again.
"use strict";

const AGAIN = 20000; // milliseconds between two attempts
const START = 500;
const forms = () => document.querySelectorAll("form[data-keep]");

function typed(form) {
  const data = new FormData(form);
  return JSON.stringify({ found: data.get("found") || "", note: data.get("note") || "" });
}
function keep(form) {
  try {
    localStorage.setItem(form.dataset.keep, typed(form));
  } catch {
    // no room or not allowed: the page itself still holds what was typed
  }
}
function say(form) {
  const place = form.querySelector(".saved");
  place.textContent = form.dataset.waiting;
  place.classList.add("waiting");
}
function sendWaiting() {
  for (const form of forms()) {
    if (localStorage.getItem(form.dataset.keep)) htmx.trigger(form, "submit");
  }
  for (const form of document.querySelectorAll("form[data-photos].waiting")) {
    htmx.trigger(form, "submit");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (form) keep(form);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (form.dataset.keep) form.dataset.sent = typed(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (form.dataset.keep) {
    if (event.detail.successful && typed(form) === form.dataset.sent) {
      localStorage.removeItem(form.dataset.keep);
      form.querySelector(".saved").classList.remove("waiting");
    } else if (!event.detail.successful && event.detail.xhr.status !== 422) {
      say(form);
    }
  } else if ("photos" in form.dataset) {
    const status = event.detail.xhr.status;
    form.classList.toggle("waiting", !event.detail.successful && status !== 422);
    if (event.detail.successful) form.reset();
  }
});
document.addEventListener("DOMContentLoaded", () => {
  for (const form of forms()) {
    const kept = localStorage.getItem(form.dataset.keep);
    if (!kept) continue;
    const { found, note } = JSON.parse(kept);
    form.elements.note.value = note;
    for (const each of form.querySelectorAll("[name=found]")) {
      each.checked = each.value === found;
    }
  }
  setTimeout(sendWaiting, START); // once htmx knows the forms
});
window.addEventListener("online", sendWaiting);
setInterval(sendWaiting, AGAIN);
