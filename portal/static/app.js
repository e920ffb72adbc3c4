/* Adds to pages that already work without it. Each part looks for its own mark and does nothing elsewhere. */
"use strict";

/** Focus goes where a person expects: to the first problem of a form that came back, else to what was just done. */
function focusWhatIsTold() {
  (document.querySelector("[data-focus]") || document.querySelector("[data-told]"))?.focus();
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

/** What somebody types is kept while they type; the line under the form says when, or why not. */
function autosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const line = form.querySelector(".saved");
  let waiting, typed = "";
  async function save() {
    const now = new URLSearchParams(new FormData(form)).toString();
    if (now === typed) return;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", keepalive: true, headers: { accept: "application/json" } }).catch(() => null);
    if (answer?.ok) {
      const told = await answer.json();
      typed = now;
      form.elements.versie.value = told.version;
      typed = new URLSearchParams(new FormData(form)).toString();
      line.textContent = `${form.dataset.saved} ${told.saved}`;
    } else {
      line.textContent = answer?.status === 409 ? form.dataset.elsewhere : form.dataset.lost;
    }
  }
  typed = new URLSearchParams(new FormData(form)).toString();
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(save, 800); });
  form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(save, 100); });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

/** Documents go up in parts, one after another, and go on where they were when the line was lost. */
function uploadInParts() {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const line = form.querySelector(".progress");
  const { limit, part, token, draft, dossier, tooLarge, lost, arriving } = form.dataset;
  const headers = { "x-csrf-token": token };
  const pause = () => new Promise((done) => setTimeout(done, 2000));
  async function send(file) {
    if (file.size > Number(limit)) throw new Error(`${file.name}: ${tooLarge}`);
    const body = new URLSearchParams({ code: form.elements.code.value, name: file.name, size: file.size, draft, dossier });
    const begun = await fetch("/documenten", { method: "POST", body, headers });
    const told = await begun.json();
    if (told.problem) throw new Error(`${file.name}: ${told.problem}`);
    let arrived = 0;
    for (let failed = 0; arrived < file.size; ) {
      line.textContent = `${arriving} ${file.name} ${Math.floor((100 * arrived) / file.size)} %`;
      const piece = file.slice(arrived, arrived + Number(part));
      const answer = await fetch(`/documenten/${told.upload}?plaats=${arrived}`, { method: "PUT", body: piece, headers }).catch(() => null);
      const there = answer && answer.status !== 500 ? await answer.json().catch(() => null) : null;
      if (there?.problem) throw new Error(`${file.name}: ${there.problem}`);
      if (there) { arrived = there.arrived; failed = 0; }
      else if (++failed > 30) throw new Error(`${file.name}: ${lost}`);
      else { line.textContent = lost; await pause(); }
    }
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = [];
    for (const file of form.elements.bestand.files) await send(file).catch((error) => wrong.push(error.message));
    delete form.dataset.sent;
    if (wrong.length) { line.textContent = wrong.join(" "); form.elements.bestand.value = ""; }
    else { location.hash = "documenten"; location.reload(); }
  });
}

/** A page that is worth paper has a button for it. */
function printing() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

focusWhatIsTold();
sendOnce();
openDialogs();
autosave();
uploadInParts();
printing();
