/* A file travels in pieces, so that its size does not matter and one that is lost is sent again. Without this file the
   form sends it whole. */
(() => {
  "use strict";
  const TRIES = 4;
  const form = document.querySelector("[data-drop]");
  if (!form) return;
  const field = form.querySelector("input[type=file]"), going = form.querySelector(".going"), told = going.querySelector("span");
  const bar = going.querySelector("progress"), problem = form.querySelector(".errors"), button = form.querySelector("button");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));
  let isBusy = false;

  async function send(address, body) {
    for (let turn = 0; ; turn++) {
      try {
        const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
        const isOurs = (answer.headers.get("content-type") || "").startsWith("application/json");
        if (isOurs && answer.status < 500) return await answer.json();
      } catch { /* tried again below */ }
      if (turn >= TRIES) return { problem: form.dataset.failed };
      await pause(2 ** turn);
    }
  }

  async function bring(file) {
    if (isBusy) return;
    isBusy = button.disabled = true;
    problem.hidden = true;
    going.hidden = false;
    told.textContent = file.name;
    const page = await travel(file);
    if (page) { location.assign(page); return; }
    isBusy = button.disabled = false;
    going.hidden = true;
  }

  async function travel(file) {
    const asked = new FormData();
    asked.set("name", file.name);
    asked.set("size", file.size);
    let answer = await send(form.dataset.drop, asked);
    const address = answer.piece, size = Number(form.dataset.piece);
    for (let at = 0; !answer.problem && at < file.size; at += size) {
      if (at + size >= file.size) told.textContent = form.dataset.reading;
      answer = await send(`${address}?at=${at}`, file.slice(at, at + size));
      bar.value = 100 * Math.min(1, (at + size) / file.size);
    }
    if (!answer.problem) return answer.page;
    problem.textContent = answer.problem;
    problem.hidden = false;
    return "";
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    if (field.files[0]) bring(field.files[0]);
  });
  field.addEventListener("change", () => { if (field.files[0]) bring(field.files[0]); });
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, event => {
    event.preventDefault();
    form.classList.add("over");
  });
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, event => {
    if (name === "drop" || !event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", event => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file) bring(file);
  });
})();
