/* One dossier and its task by keyboard, with the letters of the work list: a key presses what stands on the page. */
"use strict";

const found = (selector) => document.querySelector(selector);
const press = (selector) => found(selector)?.click();

/** To a field of the task: on its own page, else on the page to which the dossier leads. */
function field(id) {
  const here = document.getElementById(id);
  const leads = found("[data-work]");
  if (here) { const folded = here.closest("details"); if (folded) folded.open = true; here.focus(); }
  else if (leads) location.assign(leads.href.replace(/#.*/, "") + "#" + id);
}

const KEYS = {
  j: () => press("a[rel=next]"),
  k: () => press("a[rel=prev]"),
  b: () => press("a[data-back]"),
  e: () => field("uitkomst"),
  s: () => field("tot"),
  c: () => press("[data-hand=claim]"),
  u: () => press("form[action*='/ongedaan'] button"),
  "?": () => { const keys = document.getElementById("keys"); if (keys && !keys.open) keys.showModal(); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog")) return;
  const does = KEYS[event.key];
  if (does) { event.preventDefault(); does(); }
});
document.querySelectorAll(".only-keys [data-opens]").forEach((hidden) => { hidden.hidden = false; });
