// A session ends some hours after signing in, however much it is used. Two minutes before, this says
// so. What is typed stays in the page and comes back after signing in.
//
//   <p class="note session-end" data-session-left="43200" role="status" hidden></p>   seconds left
//
// A computer that sleeps stops its timers, so the clock is looked at again and again.

const WARN_SECONDS = 120;
const LOOK_EVERY = 10;

function watch(note) {
  const end = Date.now() + Number(note.dataset.sessionLeft) * 1000;
  const timer = setInterval(look, LOOK_EVERY * 1000);

  function look() {
    const left = (end - Date.now()) / 1000;
    if (left > WARN_SECONDS) return;
    note.hidden = false;
    if (left > 0) {
      tell("登录时间快到了，两分钟内会退出。填写的内容会留着，可以先保存或提交。");
    } else {
      tell("登录时间到了。照常提交，会先请您登录，填写的内容不会丢。");
      clearInterval(timer);
    }
  }

  function tell(text) {
    if (note.textContent !== text) note.textContent = text;
  }

  look();
}

for (const note of document.querySelectorAll("[data-session-left]")) watch(note);
