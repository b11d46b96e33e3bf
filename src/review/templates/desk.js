"use strict";
const recording = document.getElementById("recording");
const findings = [...document.querySelectorAll("article.finding")];
const turns = [...document.querySelectorAll(".transcript li[data-start]")];
// Half a second before, so that the first word is heard whole.
const lead = 0.5;
let until = Infinity;

const playFrom = (start, end) => {
  if (!recording || Number.isNaN(start)) return;
  until = Number.isNaN(end) ? Infinity : end + lead;
  const go = () => { recording.currentTime = Math.max(0, start - lead); recording.play(); };
  if (recording.readyState > 0) go(); else { recording.addEventListener("loadedmetadata", go, { once: true }); recording.load(); }
};
const moment = (element) => [parseFloat(element.dataset.start), parseFloat(element.dataset.end)];
const playFinding = (finding) => finding && playFrom(...moment(finding));

for (const finding of findings) finding.querySelector(".play")?.addEventListener("click", () => playFinding(finding));
for (const turn of turns) turn.addEventListener("click", (event) => {
  if (!event.target.closest("a")) playFrom(parseFloat(turn.dataset.start), NaN);
});
if (recording) {
  recording.addEventListener("timeupdate", () => {
    const now = recording.currentTime;
    if (now >= until) { recording.pause(); until = Infinity; }
    for (const turn of turns) {
      const [start, end] = moment(turn);
      turn.classList.toggle("heard", !recording.paused && start <= now && now < end);
    }
  });
}

const current = () => document.activeElement.closest("article.finding")
  ?? document.querySelector("article.finding:target") ?? findings[0];
const step = (by) => {
  const here = document.activeElement.closest("article.finding");
  const next = findings[here ? Math.min(Math.max(findings.indexOf(here) + by, 0), findings.length - 1) : 0];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
};
const actions = {
  j: () => step(1),
  k: () => step(-1),
  " ": () => { if (recording && !recording.paused) recording.pause(); else playFinding(current()); },
  c: () => current()?.querySelector("form.judge button.strong")?.click(),
  r: () => current()?.querySelector("form.judge select")?.focus(),
  n: () => document.getElementById("next-call")?.click(),
  "?": () => document.getElementById("keys")?.scrollIntoView({ block: "center" }),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, button, audio, summary, a")) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
// The finding that the address names has the keyboard.
document.querySelector("article.finding:target")?.focus({ preventScroll: true });
