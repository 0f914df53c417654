/* A picture of the drawing, made by the browser with its own fonts, the link to copy, and the arrow keys along a line's
   points. Everything else needs no script: the table beside a line leads where its points do. */
(() => {
  "use strict";
  const told = (button, words) => {
    const place = button.closest("section").querySelector("[data-told]");
    if (place) { place.textContent = words; place.classList.remove("unseen"); }
  };
  const shown = () => document.querySelectorAll("[data-picture], [data-copy]").forEach(one => { one.hidden = false; });

  async function picture(button) {
    const drawing = new Image();
    drawing.src = button.dataset.picture;
    await drawing.decode();
    const canvas = document.createElement("canvas");
    canvas.width = drawing.naturalWidth * 2;
    canvas.height = drawing.naturalHeight * 2;
    canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done, failed) => canvas.toBlob(b => b ? done(b) : failed(new Error("empty")), "image/png"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = new URL(button.dataset.picture, location).searchParams.get("metric") + ".png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-picture], [data-copy]");
    if (!button) return;
    try {
      if (button.dataset.picture) await picture(button);
      else {
        await navigator.clipboard.writeText(new URL(button.dataset.copy, location).href);
        told(button, button.dataset.done);
      }
    } catch { told(button, button.dataset.failed || new URL(button.dataset.copy, location).href); }
  });
  /* A line is one stop of the Tab key; the arrows, Home and End go from point to point. */
  document.addEventListener("keydown", event => {
    const spot = event.target.closest?.("[data-spot]");
    if (!spot || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...spot.parentNode.querySelectorAll("[data-spot]")], here = all.indexOf(spot);
    const next = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const chosen = all[Math.min(Math.max(next, 0), all.length - 1)];
    spot.setAttribute("tabindex", "-1");
    chosen.setAttribute("tabindex", "0");
    chosen.focus();
  });
  ["focusin", "pointerover"].forEach(kind => document.addEventListener(kind, event => {
    const spot = event.target.closest?.("[data-spot]"), place = spot?.closest("section").querySelector("[data-spot-words]");
    if (place) place.textContent = spot.getAttribute("aria-label");
  }));
  document.addEventListener("htmx:afterSettle", shown);
  shown();
})();
