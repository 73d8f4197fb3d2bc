// Escape and a click elsewhere close an open menu. Without this script its button does.
"use strict";
const openMenus = () => document.querySelectorAll(":is(.menu, .list-menu)[open]");
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    // The focus would be lost with what has it.
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
