// A session ends some hours after signing in, however much it is used, and sooner when nobody uses
// it. Two minutes before, this says so. What is typed stays in the page and comes back after signing
// in; a page in which nothing was typed is not left for whoever comes next.
//
//   <p data-session-left="43200" role="status" hidden></p>   seconds left, however much it is used
//   <div data-idle="1800" data-idle-url="…" hidden>   seconds of rest; where the server is asked
//     <p data-idle-text role="status"> <button data-idle-on>
//
// Whatever another window does counts too: the server is asked before it is said that nobody is
// here, and when the page is seen again. A computer that sleeps stops its timers, so the clock is
// looked at again and again.

const WARN_SECONDS = 120;
const LOOK_EVERY = 10;

let isTyped = false;
for (const name of ["input", "change"]) {
  document.addEventListener(name, () => {
    isTyped = true;
  });
}

// The session is over. This very page, asked for again, leads to `signIn` as well.
function leave(signIn) {
  const isRefused = document.querySelector("[aria-invalid=true]");
  if (!isTyped && !isRefused) location.replace(signIn || location.pathname + location.search);
}

function tell(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function watchTheEnd(note) {
  const end = Date.now() + Number(note.dataset.sessionLeft) * 1000;
  const timer = setInterval(look, LOOK_EVERY * 1000);

  function look() {
    const left = (end - Date.now()) / 1000;
    if (left > WARN_SECONDS) return;
    note.hidden = false;
    if (left > 0) {
      tell(note, "登录时间快到了，两分钟内会退出。填写的内容会留着，可以先保存或提交。");
    } else {
      tell(note, "登录时间到了。照常提交，会先请您登录，填写的内容不会丢。");
      clearInterval(timer);
      leave();
    }
  }

  look();
}

function watchTheRest(note) {
  const text = note.querySelector("[data-idle-text]");
  const button = note.querySelector("[data-idle-on]");
  let end;
  let signIn;
  let isOver = false;

  function begin(seconds) {
    end = Date.now() + seconds * 1000;
    if (seconds > WARN_SECONDS) note.hidden = true;
    else warn();
  }

  // Begins anew with the seconds that are left. The server answers 401 where the session has ended.
  async function ask(isAttended) {
    // As htmx asks, so that the answer is not the sign-in page but its address.
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    if (!isAttended) headers.Unattended = "1";
    const answer = await fetch(note.dataset.idleUrl, { credentials: "same-origin", headers });
    if (answer.status === 401) {
      signIn = answer.headers.get("X-Sign-In");
      begin(0);
    } else if (answer.ok) {
      begin(Number(await answer.text()));
    }
  }

  // Without an answer it goes by the clock of this page.
  async function look() {
    const left = (end - Date.now()) / 1000;
    if (isOver || left > WARN_SECONDS) return;
    await ask(false).catch(() => {});
    warn();
  }

  function warn() {
    const left = (end - Date.now()) / 1000;
    if (isOver || left > WARN_SECONDS) return;
    note.hidden = false;
    if (left > 0) {
      tell(text, "您有一段时间没有操作，两分钟内会自动退出登录。填写的内容会留着。");
      return;
    }
    isOver = true;
    tell(text, "已自动退出登录。照常提交，会先请您登录，填写的内容不会丢。");
    button.hidden = true;
    leave(signIn);
  }

  button.addEventListener("click", () => {
    ask(true).catch(() => tell(text, "网络不通，没有告诉系统您还在。请稍后再点一次。"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const isOurs = event.detail.successful && !event.target.matches("[data-poll]");
    if (isOurs && !isOver) begin(Number(note.dataset.idle));
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !isOver) ask(false).catch(() => {});
  });
  begin(Number(note.dataset.idle));
  setInterval(look, LOOK_EVERY * 1000);
}

for (const note of document.querySelectorAll("[data-session-left]")) watchTheEnd(note);
for (const note of document.querySelectorAll("[data-idle]")) watchTheRest(note);
