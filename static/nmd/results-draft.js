/* A record form keeps what is typed: a moment after the last key, and when the page is left.
   The server holds it as a draft; without this file the form is saved by its button all the same. */
const PAUSE_MS = 1200;
const RETRY_MS = 8000;
const KEEPALIVE_MOST = 60_000; // bytes that a browser still sends for a page that is gone
const kept = new WeakMap(); // form → its fields as the server knows them
const timers = new WeakMap();
const running = new Map(); // form → the request under way
const refused = new WeakSet(); // forms whose author is signed out
const leaving = new WeakSet(); // forms on their way to be saved

const formOf = (target) => target.closest?.("form[data-nt-draft]") ?? target.form?.closest("form[data-nt-draft]");
const status = () => document.querySelector("[data-nt-draft-status]");

function fields(form) {
  const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(typed);
}

function content(form) {
  const typed = fields(form);
  ["csrfmiddlewaretoken", "draft-window", "draft-shown"].forEach((name) => typed.delete(name));
  return typed.toString();
}

function tell(words, icon) {
  const place = status();
  if (!place) return;
  const mark = document.createElement("i");
  mark.className = `bi bi-${icon}`;
  mark.setAttribute("aria-hidden", "true");
  place.replaceChildren(mark, words);
}

function post(form, keepalive) {
  return fetch(form.dataset.ntDraft, {
    method: "POST", body: fields(form), redirect: "manual", keepalive,
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
}

/* Signed in again in another tab: the page's token is no longer good, a fresh one is. */
async function renew(form) {
  const answer = await fetch(form.dataset.ntDraft, { redirect: "manual" });
  if (!answer.ok) return false;
  const { token, user } = await answer.json();
  if (String(user) !== form.dataset.ntAuthor) return false; // somebody else sits here now
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": token }));
  return true;
}

async function send(form, keepalive = false) {
  const now = content(form);
  if (now === kept.get(form)) return true;
  try {
    let answer = await post(form, keepalive);
    if (answer.status === 403 && (await renew(form))) answer = await post(form, keepalive);
    return await heard(form, now, answer);
  } catch {
    tell("Draft not saved: no connection. What you typed is still here.", "cloud-slash");
    later(form, RETRY_MS);
    return false;
  }
}

async function heard(form, now, answer) {
  refused.delete(form);
  if (answer.ok) {
    kept.set(form, now);
    form.dispatchEvent(new Event("nt:kept"));
    document.querySelectorAll("[data-nt-draft-discard]").forEach((button) => (button.hidden = false));
    tell(`Draft saved ${(await answer.json()).saved}`, "cloud-check");
    return true;
  }
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    refused.add(form);
    tell("Draft not saved: you are signed out. Sign in in another tab; what you typed stays here.", "person-lock");
    later(form, RETRY_MS);
  } else if (answer.status === 409) {
    tell(`Draft not saved: another window of yours has one of ${(await answer.json()).later}.`, "window-stack");
    return true;
  } else {
    tell("Draft not saved. What you typed is still here.", "cloud-slash");
    later(form, RETRY_MS);
  }
  return false;
}

/* One request at a time for a form: an earlier state must not arrive after a later one. */
function keep(form, keepalive) {
  clearTimeout(timers.get(form));
  const before = running.get(form) ?? Promise.resolve();
  const mine = before.then(() => send(form, keepalive)).finally(() => {
    if (running.get(form) === mine) running.delete(form);
  });
  running.set(form, mine);
  return mine;
}

function later(form, ms = PAUSE_MS) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), ms));
}

function begin(root) {
  root.querySelectorAll?.("form[data-nt-draft]").forEach((form) => kept.set(form, content(form)));
}

/* Grids write into their cells by script: keys and clicks are watched, not only input. */
["input", "change", "keyup", "click"].forEach((name) =>
  document.addEventListener(name, (event) => {
    const form = formOf(event.target);
    if (!form) return;
    if (name !== "click") leaving.delete(form);
    if (!leaving.has(form) && content(form) !== kept.get(form)) later(form);
  }),
);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  document.querySelectorAll("form[data-nt-draft]").forEach((form) => {
    if (!leaving.has(form)) keep(form, content(form).length < KEEPALIVE_MOST);
  });
});

/* Saving waits for the draft, so that it cannot arrive after its report and what was typed outlives
   a save that fails; whoever is signed out is told before the form would be lost. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("form[data-nt-draft]")) return;
    clearTimeout(timers.get(form));
    const unkept = refused.has(form) || content(form) !== kept.get(form);
    const underWay = running.get(form) ?? (unkept ? keep(form) : null);
    leaving.add(form);
    if (!underWay) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    underWay.then(() => refused.has(form) || form.requestSubmit(event.submitter));
  },
  true,
);
/* A save that did not arrive: the form stays as it is, and its draft goes on. */
function unsaved(event, words, icon) {
  const form = event.target;
  if (!form.matches("form[data-nt-draft]")) return; // a part of it asked for something else
  leaving.delete(form);
  tell(words, icon);
}
document.addEventListener("htmx:sendError", (event) =>
  unsaved(event, "Not saved: no connection. What you typed is still here.", "cloud-slash"),
);
document.addEventListener("htmx:responseError", (event) =>
  unsaved(event, "Not saved. What you typed is still here; try again.", "cloud-slash"),
);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = requestConfig.elt;
  if (!form.matches("form[data-nt-draft]") || new URL(xhr.responseURL).pathname === new URL(form.action).pathname) return;
  event.detail.shouldSwap = false; // the answer is the sign-in page
  unsaved({ target: form }, "Not saved: you are signed out. Sign in in another tab; what you typed stays here.", "person-lock");
});
/* The session ended unnoticed: sign in as a page of its own, and come back to the draft. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.responseURL.includes("/accounts/login/")) return;
  event.detail.shouldSwap = false;
  location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`);
});
/* What was taken over from an earlier visit is hers once she has changed it. */
document.addEventListener("input", (event) => event.target.closest(".nt-taken")?.classList.remove("nt-taken"));
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
begin(document);
