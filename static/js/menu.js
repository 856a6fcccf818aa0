// The menu is a <details class="menu"> and opens without this module. Here it closes on Escape, which
// puts the focus back on its button, and when somebody clicks or moves the focus elsewhere.

for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const name of ["pointerdown", "focusin"]) {
    document.addEventListener(name, (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  }
}
