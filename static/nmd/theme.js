/* Before the first paint: the reader's own choice, else the system's. */
(() => {
  const kept = localStorage.getItem("nmd-theme");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = kept || (dark ? "dark" : "light");
})();
