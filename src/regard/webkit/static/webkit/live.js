/* Live parts: an element with data-live is fetched anew by htmx when the server says that something changed, and
   changed in place, so that nothing jumps and whoever types or has the focus keeps it. Pages work without this file.

   data-live is the address of the stream. A page in the background listens to nothing: browsers open only a few
   connections to one server, and every open tab would keep one. */
(() => {
  "use strict";
  const CHANGED = "regard:changed";
  // How long before its loading the page may have been made.
  const MAKING_SECONDS = 2;
  let source = null, seen = 0;

  const parts = () => document.querySelectorAll("[data-live]");
  // A part to which its reader added something, such as older days, is left as it is.
  const refresh = () => parts().forEach(part => { if (!("paused" in part.dataset)) htmx.trigger(part, CHANGED); });

  function note(event) {
    const number = Number(event.lastEventId), ago = JSON.parse(event.data).seconds_ago ?? Infinity;
    const isNews = event.type === "changed" || (seen ? number > seen : ago < performance.now() / 1000 + MAKING_SECONDS);
    seen = Math.max(seen, number);
    document.documentElement.dataset.listening = "";
    if (isNews) refresh();
  }

  function listen() {
    const address = parts()[0]?.dataset.live;
    if (document.hidden || !address) return close();
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(address);
    source.addEventListener("here", note);
    source.addEventListener("changed", note);
    source.addEventListener("over", () => { close(); refresh(); });
  }

  function close() {
    source?.close();
    source = null;
  }

  /* Make `old` like `fresh` with as few changes as can be. */
  function blend(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
      old.replaceWith(fresh);
    } else if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
    } else if (!(old === document.activeElement && old.matches("input, textarea, select"))) {
      blendAttributes(old, fresh);
      blendChildren(old, [...fresh.childNodes]);
    }
  }

  function blendAttributes(old, fresh) {
    const kept = new Set(["open", "class"].filter(name => name === "open" || old.matches("[data-live]")));
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value && !kept.has(name)) old.setAttribute(name, value);
  }

  /* What came in front pushes the rest down: rows that are the same are kept, and with them focus and selection. */
  function blendChildren(old, fresh) {
    const rest = [...old.childNodes];
    let place = old.firstChild;
    for (const wanted of fresh) {
      const same = rest.find(one => one.isEqualNode(wanted));
      const like = same || (place && !fresh.some(one => one.isEqualNode(place)) ? place : null);
      if (!like) {
        old.insertBefore(wanted, place);
        continue;
      }
      rest.splice(rest.indexOf(like), 1);
      if (like === place) place = place.nextSibling;
      else old.insertBefore(like, place);
      if (!same) blend(like, wanted);
    }
    rest.forEach(one => one.remove());
  }

  htmx.defineExtension("blend", {
    isInlineSwap: style => style === "blend",
    handleSwap(style, target, fragment) {
      if (style !== "blend") return false;
      const fresh = fragment.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? fragment.firstElementChild : fragment;
      if (fresh) blend(target, fresh);
      return [target];
    },
  });

  document.addEventListener("htmx:afterSwap", event => {
    const part = event.target.closest?.("[data-live]");
    if (part && part !== event.target) part.dataset.paused = "";
  });
  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", listen);
  setInterval(listen, 15000);
  listen();
})();
