// Draws every chart whose options the server wrote beside it; the table stays below.
"use strict";

const FONT = getComputedStyle(document.documentElement)
  .getPropertyValue("--tblr-font-sans-serif");

function draw(place) {
  const data = document.getElementById(place.dataset.options);
  if (!data || place.dataset.drawn) return;
  const options = JSON.parse(data.textContent);
  options.textStyle = { fontFamily: FONT, color: "#1f2933", ...options.textStyle };
  options.aria = { enabled: false };  // the label and the table say it
  // Styles inside of HTML are forbidden here: tooltips are drawn, not written.
  options.tooltip = { renderMode: "richText", ...options.tooltip };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) options.animation = false;
  const chart = echarts.init(place);
  chart.setOption(options);
  place.dataset.drawn = "yes";
  new ResizeObserver(() => chart.resize()).observe(place);
}

function drawAll() {
  document.querySelectorAll(".chart[data-options]").forEach(draw);
}
document.addEventListener("DOMContentLoaded", drawAll);
document.addEventListener("htmx:afterSettle", drawAll);
