/* Keys: / searches, j and k move, Enter opens, ? lists. Any element with data-key is pressed by that key and listed
   with its words. Pages work without this file. */
(() => {
  "use strict";
  const STORE = "regard-keys-off";
  const isOff = () => { try { return localStorage.getItem(STORE) === "1"; } catch { return false; } };
  const items = () => [...document.querySelectorAll("[data-item]")].filter(item => item.checkVisibility());
  const linkIn = item => item.matches("a, button") ? item : item.querySelector("a, button");

  function move(step) {
    const all = items();
    if (!all.length) return;
    const here = all.findIndex(item => item.contains(document.activeElement));
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
    linkIn(next)?.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function search(event) {
    const field = [...document.querySelectorAll("[data-search]")].find(one => one.checkVisibility());
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }

  function list() {
    const keys = document.getElementById("keys");
    if (!keys) return;
    const table = keys.querySelector("dl");
    table.querySelectorAll("[data-added]").forEach(one => one.remove());
    document.querySelectorAll("[data-key]").forEach(one => {
      const term = document.createElement("dt"), words = document.createElement("dd"), key = document.createElement("kbd");
      key.textContent = one.dataset.key;
      term.append(key);
      words.textContent = one.dataset.keyTitle || one.textContent.trim();
      [term, words].forEach(part => { part.dataset.added = ""; table.append(part); });
    });
    keys.querySelector("[data-keys-on]").checked = !isOff();
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || isOff()) return;
    const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "/") search(event);
    else if (event.key === "?") document.getElementById("keys")?.togglePopover();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (pressed) { event.preventDefault(); pressed.matches("input, textarea, select") ? pressed.focus() : pressed.click(); }
  });
  document.addEventListener("toggle", event => { if (event.target.id === "keys") list(); }, true);
  document.addEventListener("change", event => {
    if (!event.target.matches("[data-keys-on]")) return;
    try { event.target.checked ? localStorage.removeItem(STORE) : localStorage.setItem(STORE, "1"); } catch { /* private browsing */ }
  });
})();
