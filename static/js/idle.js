// The desk signs out a session at which nobody works. Two minutes before, this says so, with a
// button that goes on. What is typed stays in the page and comes back after signing in.
//
//   <div data-idle="1800" data-idle-url="…" hidden>   seconds of rest; where to say that one is here
//     <p data-idle-text role="status"> <button data-idle-on>继续工作</button>
//
// Whatever another window does counts too: the server is asked before anything is said.

const WARN_SECONDS = 120;

function watch(note) {
  const rest = Number(note.dataset.idle) - WARN_SECONDS;
  const text = note.querySelector("[data-idle-text]");
  let timer;

  function begin() {
    note.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(warn, rest * 1000);
  }

  function warn() {
    note.hidden = false;
    text.textContent = "您有一段时间没有操作，两分钟后会自动退出登录。填写的内容会留着。";
    timer = setTimeout(over, WARN_SECONDS * 1000);
  }

  function over() {
    text.textContent = "已自动退出登录。照常提交，会先请您登录，填写的内容不会丢。";
    note.querySelector("[data-idle-on]").hidden = true;
  }

  note.querySelector("[data-idle-on]").addEventListener("click", () => {
    fetch(note.dataset.idleUrl, { credentials: "same-origin", redirect: "manual" })
      .then((answer) => (answer.ok ? begin() : over()))
      .catch(over);
  });
  document.addEventListener("htmx:afterRequest", begin);
  begin();
}

for (const note of document.querySelectorAll("[data-idle]")) watch(note);
