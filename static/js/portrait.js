// The picture of the card in the page of the form: a chosen file goes up at once, and the crop is
// shown where it was chosen.
//
//   <section data-portrait>               is replaced by what the server answers
//     <form data-portrait-form>           shown with this module where it was hidden; sent by it
//     [data-portrait-status]              says what is going on
//
// <template data-news-of="NAME"> in the answer replaces the content of [data-news="NAME"]. Without
// this module the link to the page of the portrait does all of it.

const HEADERS = { "HX-Request": "true", "HX-Current-URL": location.href };

function show(section) {
  for (const form of section.querySelectorAll("[data-portrait-form]")) form.hidden = false;
}

function news(root) {
  for (const part of root.querySelectorAll("template[data-news-of]")) {
    const place = document.querySelector(`[data-news="${part.dataset.newsOf}"]`);
    if (place) place.innerHTML = part.innerHTML;
  }
}

function take(section, html) {
  const answer = document.createElement("template");
  answer.innerHTML = html;
  const fresh = answer.content.querySelector("[data-portrait]");
  if (!fresh) {
    location.reload(); // it is not the form's turn any more: the page says why
    return;
  }
  news(answer.content);
  section.replaceWith(fresh);
  show(fresh);
  fresh.dispatchEvent(new CustomEvent("crop:new", { bubbles: true }));
  const next = fresh.querySelector("[data-crop] button[type=submit]") || fresh.querySelector("h2");
  const picture = fresh.querySelector("[data-crop] img");
  const goThere = () => {
    next.scrollIntoView({ block: "center" });
    next.focus({ preventScroll: true });
  };
  if (picture && !picture.complete) picture.addEventListener("load", goThere, { once: true });
  else goThere();
}

async function send(form) {
  const section = form.closest("[data-portrait]");
  const status = section.querySelector("[data-portrait-status]");
  status.textContent = form.enctype.startsWith("multipart") ? "正在上传…" : "正在检查…";
  for (const control of form.querySelectorAll("button")) control.disabled = true;
  const body = new FormData(form);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: HEADERS,
    });
    if (response.status === 401 || response.status === 403) {
      form.submit(); // the server keeps it until somebody has signed in again
      return;
    }
    if (!response.ok) throw new Error(String(response.status));
    take(section, await response.text());
  } catch (error) {
    status.textContent = "没有成功：网络不通或系统忙，请再试一次。";
    for (const control of form.querySelectorAll("button")) control.disabled = false;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-portrait-form]");
  if (form && event.target.type === "file" && event.target.files.length) send(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-portrait-form]");
  if (!form || form.hidden) return;
  event.preventDefault();
  send(form);
});

document.querySelectorAll("[data-portrait]").forEach(show);
