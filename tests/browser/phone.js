/* What a thumb would trip over on this page, in words: it scrolls sideways, a control is smaller than
   24 px (WCAG 2.5.8; of a box or a button of a strip the label counts), or it says nothing. */
() => {
  const controls = "main :is(input:not([type=hidden]), select, textarea, button, summary, a.btn)";
  const isSeen = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== "hidden";
  const nameOf = (el) => el.name || el.id || `${el.tagName} “${el.textContent.trim().slice(0, 30)}”`;
  const isFilled = (el) => ["SELECT", "TEXTAREA"].includes(el.tagName); // its text is its value
  const wordsOf = (el) => [
    el.getAttribute("aria-label"),
    isFilled(el) ? "" : el.textContent,
    ...[...(el.labels ?? [])].map((label) => label.textContent),
    ...(el.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent),
  ];
  const smallest = (el) => {
    const also = ["radio", "checkbox"].includes(el.type) ? [...el.labels] : [];
    const boxes = [el, ...also].map((each) => each.getBoundingClientRect());
    return Math.min(...["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side]))));
  };
  const found = [];
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 1) found.push(`the page scrolls sideways by ${over} px`); // one is a rounding
  for (const el of [...document.querySelectorAll(controls)].filter(isSeen)) {
    if (smallest(el) < 24) found.push(`${nameOf(el)} is only ${smallest(el).toFixed(0)} px`);
    if (!wordsOf(el).some((words) => words?.trim())) found.push(`${nameOf(el)} has no label`);
  }
  return found;
}
