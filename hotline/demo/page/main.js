// What does the page do? Ask twice a second what the telephones show, and pass on what fingers press.
import { Board } from "./board.js";
import { hintFor } from "./hints.js";
import { Phone } from "./phone.js";
import { Ear, Ringer } from "./sound.js";

const EVERY_MS = 400;
const at = (id) => document.getElementById(id);

const ear = new Ear();
const ringer = new Ringer();
const board = new Board(at);
const phones = new Map();
let seen = null;
let latest = 0;

async function post(path, given = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(given),
    });
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
  } catch {
    showTrouble();
  }
  await refresh();
}

async function refresh() {
  const turn = ++latest;
  try {
    const answer = await fetch(`state?category=${encodeURIComponent(board.category)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    if (turn === latest) show(state);
  } catch {
    if (turn === latest) showTrouble();
  }
}

function show(state) {
  seen = state;
  showClock(state.clock);
  for (const each of state.phones) phoneOf(each, state.line).show(each, ear);
  board.show(state);
  ringer.ring(state.phones.some((each) => each.state === "ringing"));
  showHint(hintFor(state));
  showNudge();
}

function phoneOf(each, line) {
  if (!phones.has(each.id)) {
    const touch = (verb, given) => {
      ringer.wake();
      if (verb === "dial" || verb === "answer") ear.listenTo(each.id, phones);
      return post(`phones/${each.id}/${verb}`, given);
    };
    const phone = new Phone(each, line, at("phone"), touch, () => ear.toggle(each.id, phones));
    at("phones").append(phone.element);
    at("tabs").append(phone.tab);
    phones.set(each.id, phone);
    inView.observe(phone.element);
  }
  return phones.get(each.id);
}

function showClock(clock) {
  document.documentElement.dataset.sky = clock.night ? "night" : "day";
  setText(at("time"), clock.time);
  setText(at("day"), `${clock.day}, ${clock.night ? "notte" : "giorno"}`);
  setText(at("turn"), clock.night ? "Passa al giorno" : "Passa alla notte");
  at("turn").disabled = !clock.can_turn;
  at("turn").title = clock.can_turn ? "" : "Quando nessuno è in linea";
}

function showHint(text, trouble = false) {
  setText(at("hint"), text);
  at("hint").classList.toggle("trouble", trouble);
}

function showTrouble() {
  showHint("La prova non risponde: forse è stata fermata. Questa pagina riprova da sola.", true);
  ringer.ring(false);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// On a small screen: which telephone is in view, and which one calls for attention elsewhere?
const inView = new IntersectionObserver(
  (changes) => {
    for (const change of changes) {
      const phone = [...phones.values()].find((each) => each.element === change.target);
      if (phone) phone.isInView = change.intersectionRatio > 0.6;
    }
    showNudge();
  },
  { root: at("phones"), threshold: [0, 0.6, 1] },
);

function showNudge() {
  for (const phone of phones.values()) {
    phone.tab.setAttribute("aria-current", String(Boolean(phone.isInView)));
  }
  const ringing = seen?.phones.find((each) => each.state === "ringing" && !phones.get(each.id)?.isInView);
  const attended = seen?.phones.some(
    (each) => phones.get(each.id)?.isInView && (each.state === "ringing" || (each.role !== "caller" && each.state !== "idle")),
  );
  const nudge = at("nudge");
  nudge.hidden = !ringing || attended;
  if (ringing) {
    setText(nudge, `Squilla il telefono di ${ringing.name}: vai`);
    nudge.onclick = () => phones.get(ringing.id).comeIntoView();
  }
}

at("turn").addEventListener("click", () => post("turn"));
at("ringer").addEventListener("click", () => ringer.toggle(at("ringer")));
at("category").addEventListener("change", refresh);
at("ringer").hidden = !ringer.exists;

async function again() {
  await refresh();
  setTimeout(again, EVERY_MS);
}
again();
