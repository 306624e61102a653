/* Small comforts; every page works without them. "/" goes to the search box, Escape and [data-close] close a
   panel or an open menu, a number that was opened has its panel in focus, the half-filled circle changes between light and dark. */
"use strict";

(() => {
  const root = document.documentElement;

  const closePanel = (panel, address) => {
    const opener = document.querySelector('.fig[aria-current="true"]');
    panel.hidden = true;
    if (address) history.replaceState(null, "", address);
    document.querySelector('a[href="#panel"]')?.remove();
    for (const figure of document.querySelectorAll('.fig[aria-current="true"]')) {
      figure.removeAttribute("aria-current");
    }
    if (opener) {
      opener.focus();
    }
  };

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.drop[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  const isDark = () =>
    root.classList.contains("dark") ||
    (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const panel = closer?.closest(".panel");
    if (panel) {
      event.preventDefault();
      closePanel(panel, closer.getAttribute("href"));
      return;
    }
    closeMenus(event.target.closest("details.drop"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const menu = document.querySelector("details.drop[open]");
      const closer = document.querySelector(".panel:not([hidden]) [data-close]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (closer) {
        closePanel(closer.closest(".panel"), closer.getAttribute("href"));
      }
    } else if (event.key === "/" && !event.target.closest("input, textarea, select")) {
      const box = document.getElementById("search");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
  });

  /* A number opened beside the paper leaves the reader where they read. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    event.detail.pathInfo.anchor = undefined;
  });

  document.addEventListener("htmx:afterSettle", () => {
    document.getElementById("panel")?.focus({ preventScroll: true });
  });

  for (const button of document.querySelectorAll("[data-theme]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const chosen = isDark() ? "light" : "dark";
      root.classList.remove("light", "dark");
      root.classList.add(chosen);
      document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
    });
  }
})();
