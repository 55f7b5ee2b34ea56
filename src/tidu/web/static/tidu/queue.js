// The work queue by keyboard: J and K go down and up, Enter opens, X ticks.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const links = [...document.querySelectorAll("[data-queue] tbody a")];
  if (!links.length) return;
  const row = document.activeElement.closest("[data-queue] tbody tr");
  const at = row ? links.findIndex((each) => row.contains(each)) : -1;
  switch (event.key.toLowerCase()) {
    case "j":
      links[Math.min(at + 1, links.length - 1)].focus();
      break;
    case "k":
      links[Math.max(at - 1, 0)].focus();
      break;
    case "x": {
      const box = row && row.querySelector("input[type=checkbox]");
      if (box) box.checked = !box.checked;
      break;
    }
    default:
      return;
  }
  event.preventDefault();
});
