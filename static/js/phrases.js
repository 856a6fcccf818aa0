// One click, or one Enter, puts a phrase of the phrasebook into the field of a reason.
//
//   <select data-phrases-for="id"> or <datalist data-phrases-for="id">, its options the phrases
//
// The list becomes a row of buttons before the field. A phrase is added to what stands there, and
// the field gets the focus, so that a word can still be changed. The field's `input` event follows.

const BETWEEN = "；";

function put(field, text) {
  const old = field.value.trim();
  if (!old.includes(text)) field.value = old ? `${old}${BETWEEN}${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function buttonsFor(list, field) {
  const row = document.createElement("div");
  row.className = "phrases";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "常用语");
  for (const option of list.querySelectorAll("option[value]:not([value=''])")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = option.value;
    button.addEventListener("click", () => put(field, option.value));
    row.append(button);
  }
  return row;
}

for (const list of document.querySelectorAll("[data-phrases-for]")) {
  const field = document.getElementById(list.dataset.phrasesFor);
  if (!field) continue;
  list.before(buttonsFor(list, field));
  field.removeAttribute("list");
  list.remove();
}
