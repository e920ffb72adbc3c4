/* The work list by keyboard, and alive. Everything here is also on the page as a link, a button or a form. */
"use strict";

const rows = () => [...document.querySelectorAll("#list tbody tr")];
const form = document.getElementById("rows");
const KEPT = "doorstroom.row";
let here = -1;

/** Move to a row: it is marked, and its link to the dossier has the focus. */
function stand(at, focus = true) {
  const all = rows();
  if (!all.length) return;
  here = Math.max(0, Math.min(at, all.length - 1));
  all.forEach((row, place) => row.classList.toggle("here", place === here));
  const target = all[here].querySelector("[data-open]") || all[here];
  if (target === all[here]) target.tabIndex = -1;
  if (focus) target.focus({ preventScroll: true });
  all[here].scrollIntoView({ block: "nearest" });
}

const current = () => rows()[here];
const task = () => current()?.dataset.task;

/** Whoever comes back to a list stands where it was left; after something was done with a row, on the next one. */
let did = false;
function keepPlace() {
  if (here >= 0) sessionStorage.setItem(KEPT, JSON.stringify({ list: location.search, task: task(), at: here, did }));
}
function findPlace() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (kept?.list !== location.search || document.querySelector("[data-focus]")) return;
  const at = rows().findIndex((row) => row.dataset.task === kept.task);
  stand(at < 0 ? kept.at : at + (kept.did ? 1 : 0));
}
addEventListener("pagehide", keepPlace);

const chosen = () => [...document.querySelectorAll("#list input[name=taak]:checked")].map((box) => box.value);

/** Send a form of its own for the chosen tasks, else for this one: what the buttons of the page send. */
function send(action, values) {
  const tasks = chosen().length ? chosen() : task() ? [task()] : [];
  if (!form || !tasks.length) return;
  const own = document.createElement("form");
  own.method = "post";
  own.action = action;
  const sent = { csrf: form.elements.csrf.value, terug: form.elements.terug.value, ...values };
  for (const [name, value] of [...Object.entries(sent), ...tasks.map((one) => ["taak", one])]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    own.append(field);
  }
  document.body.append(own);
  own.submit();
}

/** The number of chosen tasks, in words. */
function tellPicked() {
  const told = document.getElementById("picked");
  if (!told) return;
  const count = chosen().length;
  const { none, one, many } = told.dataset;
  told.textContent = count === 0 ? none : count === 1 ? one : many.replace("{count}", count);
  document.querySelectorAll("#list input[name=taak]").forEach((box) =>
    box.closest("tr").setAttribute("aria-selected", String(box.checked)));
}

/** To the page of this task, with the focus on one of its fields. */
function answer(field) {
  if (task()) location.assign(`/taak/${task()}${new URL(current().dataset.dossier, location.href).search}#${field}`);
}

const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };

const KEYS = {
  j: () => stand(here + 1),
  k: () => stand(here - 1),
  o: () => { if (current()) location.assign(current().dataset.dossier); },
  x: () => { const box = current()?.querySelector("input[name=taak]"); if (box) { box.checked = !box.checked; tellPicked(); } },
  c: () => { const button = current()?.querySelector("[data-hand=claim]"); if (button) { did = true; button.click(); } },
  a: () => send("/bulk", { wat: "gekozen", hand: "assign" }),
  s: () => (chosen().length ? send("/bulk", { wat: "gekozen", hand: "snooze" }) : answer("tot")),
  e: () => (chosen().length ? send("/bulk", { wat: "gekozen", hand: "complete" }) : answer("uitkomst")),
  u: () => document.querySelector(".toast form button")?.click(),
  "/": () => document.getElementById("ask")?.focus(),
  "?": () => open("keys"),
};

/** Keys work where nobody is typing, and never with a modifier that belongs to the browser. */
let before = "";
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) {
    if (event.key === "Escape" && event.target.id === "ask") stand(Math.max(here, 0));
    return;
  }
  if (before === "g" && event.key === "i") { location.assign("/werklijst?lijst=mijn"); return; }
  before = event.key;
  const does = KEYS[event.key];
  if (does) { event.preventDefault(); does(); }
});

/* Every command by its name */
const palette = document.getElementById("palette");
const asked = document.getElementById("palette-ask");
const options = () => [...document.querySelectorAll("#palette-list [role=option]")];
const shown = () => options().filter((option) => !option.hidden);
function mark(option) {
  options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  if (option) { asked.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  else asked.removeAttribute("aria-activedescendant");
}
function openPalette() {
  if (!palette) return;
  asked.value = "";
  options().forEach((option) => { option.hidden = false; });
  mark(shown()[0]);
  open("palette");
  asked.focus();
}
function perform(option) {
  if (!option) return;
  palette.close();
  if (option.dataset.go) location.assign(option.dataset.go);
  else { stand(Math.max(here, 0)); KEYS[option.dataset.key]?.(); }
}
asked?.addEventListener("input", () => {
  const sought = asked.value.toLowerCase();
  options().forEach((option) => { option.hidden = !option.textContent.toLowerCase().includes(sought); });
  mark(shown()[0]);
});
asked?.addEventListener("keydown", (event) => {
  const at = shown().findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") { event.preventDefault(); mark(shown()[Math.min(at + 1, shown().length - 1)]); }
  if (event.key === "ArrowUp") { event.preventDefault(); mark(shown()[Math.max(at - 1, 0)]); }
  if (event.key === "Enter") { event.preventDefault(); perform(shown()[at]); }
});
document.getElementById("palette-list")?.addEventListener("click", (event) => perform(event.target.closest("[role=option]")));

/* Choosing */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    document.querySelectorAll("#list input[name=taak]").forEach((box) => { box.checked = event.target.checked; });
  }
  if (event.target.closest("#list")) tellPicked();
});
document.getElementById("list")?.addEventListener("focusin", (event) => {
  const at = rows().indexOf(event.target.closest("tr"));
  if (at >= 0 && at !== here) stand(at, false);
});
document.querySelectorAll("[data-all], .only-keys [data-opens]").forEach((hidden) => { hidden.hidden = false; });

/* The list is alive: counters follow, and new tasks are told, never slipped in under somebody's hands */
const live = document.getElementById("live");
let fresh = 0;
async function count() {
  const answer = await fetch(live.dataset.counters, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  for (const [tab, told] of Object.entries(await answer.json())) {
    const counter = document.querySelector(`[data-counter="${tab}"]`);
    if (counter) counter.textContent = told;
  }
}
function tellNew() {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = live.dataset.refresh;
  live.replaceChildren(`${fresh === 1 ? live.dataset.one : live.dataset.many.replace("{count}", fresh)} `, link);
}
if (live && "EventSource" in window) {
  const source = new EventSource(live.dataset.source);
  source.addEventListener("moved", count);
  source.addEventListener("new", (event) => { fresh += Number(event.data); tellNew(); count(); });
  addEventListener("pagehide", () => source.close());
}

tellPicked();
findPlace();

/* What runs in the background is looked at again, until it is over */
async function follow() {
  const shown = document.getElementById("progress");
  if (!shown?.hasAttribute("data-busy")) return;
  const answer = await fetch(location.pathname);
  if (answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("progress");
    const focused = shown.contains(document.activeElement) && now.hasAttribute("data-busy");
    if (now && !focused) shown.replaceWith(now);
  }
  setTimeout(follow, 1000);
}
setTimeout(follow, 1000);
