// Keeps a half-filled form on the server while it is being filled in.
//
//   <form data-autosave="URL">            posts all fields but files there, the CSRF token with them
//   <small data-autosave-status>          in the form, or anywhere on the page: shows the state
//
// The server answers 2xx for saved. A 409 may carry one sentence of plain text, which is shown. A
// 401 says that the session has ended: the server keeps what was typed until somebody signs in.
// Leaving the page sends what is still unsaved on its way (keepalive).

const WAIT_MS = 800;
const RETRY_MS = 5000;

function fieldsOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") fields.append(name, value);
  }
  return fields;
}

function post(form, options = {}) {
  return fetch(form.dataset.autosave, {
    method: "POST",
    body: fieldsOf(form),
    credentials: "same-origin",
    // As htmx asks, so that the server answers 401 and not with the sign-in page.
    headers: { "HX-Request": "true", "HX-Current-URL": location.href },
    ...options,
  });
}

function watch(form) {
  const status =
    form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
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
    try {
      await judge(await post(form));
    } catch {
      isDirty = true;
      show("未保存：网络不通，稍后自动再试");
      schedule(RETRY_MS);
    } finally {
      isSaving = false;
    }
    if (isDirty && !isGivenUp) schedule();
  }

  async function judge(response) {
    if (response.status === 401 || response.status === 403) {
      show("未保存：登录已过期。填完照常提交，会先请您登录，内容不会丢");
    } else if (response.ok) {
      const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
      show(`${time} 已保存`);
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
    post(form, { keepalive: true }).catch(() => {
      isDirty = true; // only seen if the page comes back
    });
  }
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
}

document.querySelectorAll("form[data-autosave]").forEach(watch);
