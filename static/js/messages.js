// What an htmx request could not do is said where it was asked: at the top of the form or the panel
// that asked, else under the title ([data-messages]). The page is pushed; nothing is covered.
//
//   <noscript data-without-htmx>    what htmx does by itself; shown as well where htmx did not run

const TYPED = "main form[method=post] input:not([type=hidden]), main form[method=post] select, main form[method=post] textarea";
const list = document.querySelector("[data-messages]");

/** Say `text` at `place`, an element that sent a request; `link`, an element, stands behind it. */
function say(text, place, link) {
  const home = (place && place.closest("form, .card")) || list;
  for (const old of document.querySelectorAll("[data-said]")) old.remove();
  const note = document.createElement("p");
  note.className = "note bad";
  note.dataset.said = "";
  note.setAttribute("role", "alert");
  note.textContent = text;
  if (link) note.append(link);
  home.prepend(note);
  const box = note.getBoundingClientRect();
  if (box.top < 0 || box.bottom > window.innerHeight) note.scrollIntoView({ block: "center" });
}

// The session has ended. What is typed here stays; submitting it asks to sign in and comes back.
let isSignedOut = false;

function saySignedOut(address) {
  if (isSignedOut) return; // a poll asks again and again
  isSignedOut = true;
  if (document.querySelector(TYPED)) {
    say("登录已过期。填写的内容都还在这一页：填完照常提交，会先请您登录，内容不会丢。");
    return;
  }
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "重新登录";
  say("登录已过期，请", null, link);
}

if (!window.htmx) {
  for (const hidden of document.querySelectorAll("noscript[data-without-htmx]")) {
    hidden.outerHTML = hidden.textContent;
  }
}

if (list) {
  document.addEventListener("htmx:sendError", (event) => say("网络不通，请检查网络后再试。", event.target));
  document.addEventListener("htmx:timeout", (event) => say("等待太久没有回应，请稍后再试。", event.target));
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    const status = xhr.status;
    if (status === 401) saySignedOut(xhr.getResponseHeader("X-Sign-In"));
    else if (status === 403) say("页面已过期。请照常提交这一页，会带您回到这里，内容不会丢。", event.target);
    else if (status >= 500) say("系统出了问题，请稍后再试。", event.target);
    else say("没有办成，请刷新页面后再试。", event.target);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    for (const old of document.querySelectorAll("[data-said]")) {
      if (!isSignedOut) old.remove();
    }
  });
}
