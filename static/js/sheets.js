// A sheet: a <dialog class="sheet" id="…"> that a link or a button opens over the page.
//
//   <a href="/the/plain/page/" data-sheet="id">      without this module: the page with the same content
//   <button type="button" data-sheet-close>          closes it; so do Escape and a tap beside it
//
// The browser puts the focus into the dialog and back.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-sheet]");
  const sheet = opener && document.getElementById(opener.dataset.sheet);
  if (sheet && sheet.showModal) {
    event.preventDefault();
    sheet.showModal();
    return;
  }
  const within = event.target.closest("dialog.sheet");
  if (!within || !within.open) return;
  // The second half of a double click on what opened it: that closes nothing.
  if (event.detail > 1) return;
  if (event.target === within || event.target.closest("[data-sheet-close]")) within.close();
});
