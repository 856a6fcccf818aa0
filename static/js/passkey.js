// Passkeys: asks the browser for one, and posts its answer in the form's hidden field.
//
//   <form data-passkey="get" hidden>          or "create"; shown where the browser knows passkeys
//     <input type="hidden" name="credential">
//     <button type="button" data-passkey-start>
//     <p data-passkey-status role="status">   says what to do when there is no answer
//   <section data-passkey-missing>            hidden where the form is shown
//   <script type="application/json" id="passkey-options">  the server's options

const SAID = {
  NotAllowedError: "没有完成，可能是取消了，或等得太久。请再试一次。",
  InvalidStateError: "这台设备已经添加过了，不用再添加。",
  SecurityError: "这个网址用不了通行密钥，请用门户的正式地址打开。",
};
const UNKNOWN = "这台设备没有给出通行密钥，请再试一次，或换一种方式。";

function arm(form) {
  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  const status = form.querySelector("[data-passkey-status]");
  form.hidden = false;
  form.querySelector("[data-passkey-start]").addEventListener("click", async () => {
    status.textContent = "";
    try {
      const answer = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      status.textContent = SAID[error.name] || UNKNOWN;
    }
  });
}

if (window.PublicKeyCredential && window.webauthnJSON) {
  for (const form of document.querySelectorAll("[data-passkey]")) arm(form);
  for (const section of document.querySelectorAll("[data-passkey-missing]")) section.hidden = true;
}
