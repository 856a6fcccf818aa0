// The agreements of a matter in a sheet over the page.
//
//   <dialog data-consents="ID">           its boxes belong to the form with this id (attribute form)
//     [data-consents-status]              says how many are not ticked yet
//
// The form opens the sheet instead of going out while a box is not ticked. A browser that has no
// <dialog>, or no JavaScript, sends the form, and the server answers with the boxes on a page.

function arm(sheet) {
  const form = document.getElementById(sheet.dataset.consents);
  const status = sheet.querySelector("[data-consents-status]");
  const boxes = [...sheet.querySelectorAll("input[type=checkbox]")];
  const missing = () => boxes.filter((box) => !box.checked);

  function say() {
    const count = missing().length;
    status.textContent = count ? `还差 ${count} 项没有勾选` : "";
  }

  function open() {
    if (!sheet.open) sheet.showModal();
    say();
    sheet.querySelector("h2").focus();
  }

  form.addEventListener("submit", (event) => {
    const left = missing();
    if (!left.length) return;
    event.preventDefault();
    if (sheet.open) left[0].focus();
    else open();
    say();
  });
  for (const box of boxes) box.addEventListener("change", say);
}

for (const sheet of document.querySelectorAll("dialog[data-consents]")) {
  if (sheet.showModal) arm(sheet);
}
