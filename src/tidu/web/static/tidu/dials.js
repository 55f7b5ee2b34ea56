// A slider beside a number field: moving one moves the other; the form asks the server.
"use strict";

document.addEventListener("input", (event) => {
  const moved = event.target;
  if (moved.dataset.for) {
    const field = document.getElementById(moved.dataset.for);
    field.value = Number(moved.value).toLocaleString("en-US");
    moved.classList.remove("is-unknown");
    return;
  }
  const slider = document.querySelector(`[data-for="${CSS.escape(moved.id)}"]`);
  const number = Number(moved.value.replaceAll(",", ""));
  if (!slider) return;
  if (Number.isFinite(number)) slider.value = number;
  slider.classList.toggle("is-unknown", moved.value.trim() === "");
});
