// Keeps a half-filled form on the server while it is being filled in.
//
//   <form data-autosave="URL">            posts all fields but files there, the CSRF token with them
//   <small data-autosave-status>          in the form, or anywhere on the page: shows the state
//
// The server answers 200 with what the page has to show now, as JSON: `shown` for the hidden field
// of that name, `clashes` (HTML) for [data-clashes], `values`, the inputs that another window has
// changed, and `news`: HTML by the name of its place, [data-news="NAME"]. A 409 may carry one sentence of plain text, which is shown. A 401 says that the
// session has ended: the server keeps what was typed until somebody signs in.
// Leaving the page sends what is still unsaved on its way (keepalive). While an answer is on its
// way, the hidden field `pending` says what was sent, so that this window is not asked about it.

const WAIT_MS = 800;
const RETRY_MS = 5000;

function fieldsOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") fields.append(name, value);
  }
  return fields;
}

function pendingOf(form) {
  const known = form.querySelector("input[name=pending]");
  if (known) return known;
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "pending";
  form.append(input);
  return input;
}

function valueOf(control) {
  return control.type === "checkbox" ? (control.checked ? "on" : "") : control.value;
}

// What another window has changed, unless somebody has typed here since it was asked.
function update(form, values, sent) {
  let count = 0;
  for (const [name, text] of Object.entries(values)) {
    const control = form.elements[name];
    if (!control || valueOf(control) !== (sent.get(name) || "")) continue;
    if (control.type === "checkbox") control.checked = text === "on";
    else control.value = text;
    count += 1;
  }
  return count;
}

function post(form, body, options = {}) {
  return fetch(form.dataset.autosave, {
    method: "POST",
    body,
    credentials: "same-origin",
    // As htmx asks, so that the server answers 401 and not with the sign-in page.
    headers: { "HX-Request": "true", "HX-Current-URL": location.href },
    ...options,
  });
}

function watch(form) {
  const status =
    form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
  let timer = 0;
  let isDirty = false;
  let isSaving = false;
  let isGivenUp = false;

  function show(text) {
    if (status && status.textContent !== text) status.textContent = text;
  }

  function schedule(delay = WAIT_MS) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  async function save() {
    if (!isDirty || isSaving || isGivenUp) return;
    isDirty = false;
    isSaving = true;
    const body = fieldsOf(form);
    pendingOf(form).value = body.toString();
    try {
      await judge(await post(form, body), body);
    } catch (error) {
      isDirty = true;
      show("未保存：网络不通，稍后自动再试");
      schedule(RETRY_MS);
    } finally {
      isSaving = false;
      pendingOf(form).value = "";
    }
    if (isDirty && !isGivenUp) schedule();
  }

  async function showAnswer(response, sent) {
    const { shown, clashes, values, news } = await response.json();
    form.elements.shown.value = shown;
    for (const [name, html] of Object.entries(news)) {
      const place = document.querySelector(`[data-news="${name}"]`);
      if (place) place.innerHTML = html;
    }
    const questions = form.querySelector("[data-clashes]");
    if (questions) questions.innerHTML = clashes;
    const count = update(form, values, sent);
    if (clashes) {
      show("没有全部保存：另一个窗口保存了不同的内容，请在上面选择");
      return;
    }
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    show(count ? `${time} 已保存，另一个窗口改过的 ${count} 处已更新到这一页` : `${time} 已保存`);
  }

  async function judge(response, sent) {
    if (response.status === 401 || response.status === 403) {
      show("未保存：登录已过期。填完照常提交，会先请您登录，内容不会丢");
    } else if (response.ok) {
      await showAnswer(response, sent);
    } else if (response.status === 409) {
      isGivenUp = true;
      show(`未保存：${(await response.text()) || "这份申请已不能修改"}`);
    } else {
      isDirty = true;
      show("未保存：系统忙，稍后自动再试");
      schedule(RETRY_MS);
    }
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, (change) => {
      if (change.target.type === "file") return;
      isDirty = true;
      if (isGivenUp) return;
      show("正在保存…");
      schedule();
    });
  }

  // What the form itself sends on submit needs no second way.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isDirty = false;
  });

  function leave() {
    if (!isDirty || isGivenUp) return;
    isDirty = false;
    clearTimeout(timer);
    post(form, fieldsOf(form), { keepalive: true }).catch(() => {
      isDirty = true; // only seen if the page comes back
    });
  }
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
}

document.querySelectorAll("form[data-autosave]").forEach(watch);
