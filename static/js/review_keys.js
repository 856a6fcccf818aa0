// A reviewer's page by single keys. A key moves the focus, or opens a part; Enter then does the deed.
//
//   [data-key="x"]          a link is followed, a button gets the focus, a heading is scrolled to,
//                           a <details> opens and its first field gets the focus, as does that of
//                           a <section>
//   [data-keys-help]        a button, hidden in the markup, that opens the list of keys, as does ?
//   [data-keys-dialog]      the <dialog> with the list, and in it
//   [data-keys-switch]      the checkbox that turns the keys off; this browser remembers it
//
// Keys rest while somebody types, while a dialog is open, and with Ctrl, Alt or Meta held down.
// A link is not followed while words stand in a field that would be lost.

const OFF = "review-keys-off";
const dialog = document.querySelector("[data-keys-dialog]");
const toggle = document.querySelector("[data-keys-switch]");
const help = document.querySelector("[data-keys-help]");
const FIELDS = "input:not([type=hidden]), select, textarea, button:not([data-keys-skip])";
const TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]";

function isOff() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch (error) {
    return false; // storage is blocked: the keys work, and the choice lasts as long as the page
  }
}

let off = isOff();

function remember(value) {
  off = value;
  try {
    if (value) localStorage.setItem(OFF, "yes");
    else localStorage.removeItem(OFF);
  } catch (error) {
    // not remembered; see isOff
  }
  hint();
}

function hint() {
  for (const old of document.querySelectorAll(".key-hint")) old.remove();
  if (off) return;
  for (const target of document.querySelectorAll("[data-key]")) {
    const key = document.createElement("kbd");
    key.className = "key-hint";
    key.setAttribute("aria-hidden", "true");
    key.textContent = target.dataset.key.toUpperCase();
    const place = target.matches("details, section") ? target.querySelector("summary h2, summary, h2") : target;
    place.append(key);
  }
}

function hasWords() {
  return [...document.querySelectorAll("[data-key] textarea, [data-key] input[type=text]")].some(
    (field) => field.value !== field.defaultValue,
  );
}

function go(target) {
  if (target.matches("a[href]") && !hasWords()) {
    target.click();
    return;
  }
  let place = target;
  if (target.matches("details, section")) {
    if (target.matches("details")) target.open = true;
    place = [...target.querySelectorAll(FIELDS)].find((field) => field.offsetParent) || target;
  }
  place.focus();
  target.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (off || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if ((event.target.closest && event.target.closest(TYPED)) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (!/^[a-z]$/i.test(event.key)) return;
  const target = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!target) return;
  event.preventDefault();
  go(target);
});

toggle.checked = !off;
toggle.addEventListener("change", () => remember(!toggle.checked));
help.hidden = false;
help.addEventListener("click", () => dialog.showModal());
hint();
