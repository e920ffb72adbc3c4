/* Adds to pages that already work without it. Each part looks for its own mark and does nothing elsewhere. */
"use strict";

/** Focus goes where a person expects: to the first problem of a form that came back. */
function focusFirstProblem() {
  const problem = document.querySelector("[data-focus]");
  if (problem) problem.focus();
}

/** A form is sent once, however often its button is pressed. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.method === "post") event.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
}

/** Dialogs open by their button and close by Escape, as the browser does. */
function openDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
  });
}

focusFirstProblem();
sendOnce();
openDialogs();
