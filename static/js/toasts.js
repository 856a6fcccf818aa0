// Toasts: what Django's messages said when the page was made, and what htmx could not do since.
// [data-toasts] is the list (role=status), [data-toast] one entry, [data-dismiss] its button.
// A success goes away by itself; an error stays until it is dismissed.

const SUCCESS_STAYS_MS = 6000;
// A control in which somebody types or chooses, in a form that is sent to the server.
const TYPED = "main form[method=post] :is(input:not([type=hidden]), select, textarea)";
const list = document.querySelector("[data-toasts]");

function arm(toast) {
  const button = toast.querySelector("[data-dismiss]");
  button?.addEventListener("click", () => toast.remove());
  if (toast.matches(".success, .info")) {
    let timer = setTimeout(() => toast.remove(), SUCCESS_STAYS_MS);
    // Whoever reads slowly or is about to click must not lose it.
    for (const event of ["pointerenter", "focusin"]) {
      toast.addEventListener(event, () => clearTimeout(timer));
    }
    for (const event of ["pointerleave", "focusout"]) {
      toast.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(() => toast.remove(), SUCCESS_STAYS_MS);
      });
    }
  }
}

/** Say `text`; `link`, an element, stands behind it. */
function say(text, link) {
  const old = [...list.children].find((toast) => toast.dataset.text === text);
  old?.remove();
  const toast = document.createElement("div");
  toast.className = "toast error";
  toast.dataset.text = text;
  const words = document.createElement("p");
  words.textContent = text;
  if (link) words.append(link);
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", "关闭");
  button.textContent = "×";
  toast.append(words, button);
  list.append(toast);
  arm(toast);
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
  say("登录已过期，请", link);
}

if (list) {
  list.querySelectorAll("[data-toast]").forEach(arm);
  document.addEventListener("htmx:sendError", () => say("网络不通，请检查网络后再试。"));
  document.addEventListener("htmx:timeout", () => say("等待太久没有回应，请稍后再试。"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) saySignedOut(event.detail.xhr.getResponseHeader("X-Sign-In"));
    else if (status === 403) say("页面已过期。请照常提交这一页，会带您回到这里，内容不会丢。");
    else if (status >= 500) say("系统出了问题，请稍后再试。");
    else say("没有办成，请刷新页面后再试。");
  });
}
