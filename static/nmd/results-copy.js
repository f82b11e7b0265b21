/* "Copy as text" opens the text and puts it on the clipboard; without script it opens it alone. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-nt-copy]");
  if (!button || button.parentElement.open) return; // the second click closes it
  const text = document.getElementById(button.dataset.ntCopy);
  const said = button.parentElement.querySelector("[data-nt-copied]");
  try {
    await navigator.clipboard.writeText(text.value);
    said.textContent = "copied";
  } catch {
    said.textContent = "select it and press Ctrl C";
    text.select();
  }
});
