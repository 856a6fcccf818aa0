// Keeps a half-filled form on the server while it is being filled in.
//
//   <form data-autosave="URL">            posts all fields but files there, the CSRF token with them
//   <small data-autosave-status>          in the form, or anywhere on the page: shows the state
//
// The server answers 2xx for saved. A 409 may carry one sentence of plain text, which is shown.
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
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: fieldsOf(form),
        credentials: "same-origin",
      });
      await judge(response);
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
    if (response.redirected || response.status === 401 || response.status === 403) {
      isGivenUp = true;
      show("未保存：登录已过期，请刷新页面重新登录");
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
    fetch(form.dataset.autosave, {
      method: "POST",
      body: fieldsOf(form),
      credentials: "same-origin",
      keepalive: true,
    }).catch(() => {
      isDirty = true; // only seen if the page comes back
    });
  }
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
}

document.querySelectorAll("form[data-autosave]").forEach(watch);
