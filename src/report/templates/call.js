"use strict";
// One clip at a time.
const players = [...document.querySelectorAll("audio")];
for (const player of players) {
  player.addEventListener("play", () => {
    for (const other of players) if (other !== player) other.pause();
  });
}
// J and K go to the next and the previous finding.
const findings = [...document.querySelectorAll("article.finding")];
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || !findings.length) return;
  const here = findings.indexOf(document.activeElement.closest("article.finding"));
  const next = findings[Math.min(Math.max(here + step, 0), findings.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "center" });
});
