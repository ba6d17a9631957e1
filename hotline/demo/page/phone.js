// What does one telephone show, and what can a finger do on it?
const ROLES = {
  caller: "chi ha bisogno",
  anna: "Volontaria",
  bruno: "Volontario",
  lucia: "Assistente sociale",
  carla: "Coordinatrice",
};
const KEYS = "123456789*0#";
const NARRATED = {
  answer: () => "Ha risposto.",
  ring: (_, line) => `Chiama lo ${line}.`,
  talk: (text) => `In linea con ${text.replace("Chi", "chi")}.`,
  part: () => "La conversazione è finita.",
  decline: () => "Rifiutata.",
  hang_up: () => "Riagganciato.",
  dropped: () => "La linea è chiusa.",
  ring_end: (text) => (text === "no-answer" ? "Nessuna risposta." : "Ha smesso di squillare."),
  wait: () => "Un momento…",
};

export class Phone {
  constructor(first, line, template, touch, listen) {
    this.id = first.id;
    this.name = first.name;
    this.isInView = false;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.id = `phone-${first.id}`;
    this.element.dataset.role = first.role;
    this.line = line;
    this.touch = touch;
    this.items = new Map();
    this.#name(first);
    this.#makeKeys();
    this.#makeActions(listen);
    this.tab = this.#makeTab();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  #name(first) {
    this.find(".face").textContent = first.role === "caller" ? "?" : first.name[0];
    this.find(".name").textContent = first.name;
    this.find(".name").id = `name-${first.id}`;
    this.element.setAttribute("aria-labelledby", `name-${first.id}`);
    this.find(".role").textContent = ROLES[first.id] ?? first.role;
    this.find(".captions").setAttribute("aria-label", `Che cosa si sente: ${first.name}`);
    this.find(".captions").dataset.empty =
      first.role === "caller" ? "Qui appare ciò che si sente." : "Se squilla, qui appare ciò che si sente.";
    this.find(".keys").setAttribute("aria-label", `Tastiera: ${first.name}`);
  }

  #makeKeys() {
    for (const key of KEYS) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = key;
      button.dataset.key = key;
      button.addEventListener("click", () => this.touch("press", { key }));
      this.find(".keys").append(button);
    }
    this.element.addEventListener("keydown", (event) => {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (plain && KEYS.includes(event.key) && this.isOnTheLine) {
        event.preventDefault();
        this.touch("press", { key: event.key });
      }
    });
  }

  #makeActions(listen) {
    const named = { answer: "answer", decline: "decline", voicemail: "voicemail", "hang-up": "hang_up" };
    for (const [look, verb] of Object.entries(named)) {
      const button = this.find(`.${look}`);
      button.setAttribute("aria-label", `${button.textContent}: ${this.name}`);
      button.addEventListener("click", () => this.touch(verb));
    }
    this.find(".dial").textContent = `Chiama ${this.line}`;
    this.find(".dial").addEventListener("click", () =>
      this.touch("dial", { withheld: this.find(".withheld input").checked }),
    );
    this.find(".ear").hidden = !("speechSynthesis" in window);
    this.find(".ear").setAttribute("aria-label", `Ascolta a voce: ${this.name}`);
    this.find(".ear").title = "Ascolta a voce";
    this.find(".ear").addEventListener("click", listen);
  }

  #makeTab() {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.textContent = this.name;
    tab.addEventListener("click", () => this.comeIntoView());
    return tab;
  }

  comeIntoView() {
    this.element.scrollIntoView({ inline: "center", block: "nearest" });
  }

  get isOnTheLine() {
    return ["line", "talking"].includes(this.element.dataset.state);
  }

  show(each, ear) {
    const { state } = each;
    this.element.dataset.state = state;
    this.tab.dataset.state = state;
    this.tab.setAttribute("aria-label", state === "ringing" ? `${this.name}: squilla` : this.name);
    this.#showStatus(each);
    this.#showActions(each);
    this.#showLog(each.log, ear);
  }

  #showStatus(each) {
    const words = {
      idle: each.role === "caller" ? "Telefono libero" : "Libero",
      ringing: "Squilla",
      voicemail: "Segreteria telefonica",
      line: each.role === "caller" ? "In linea" : "Ascolta",
      talking: "In conversazione",
    };
    const status = this.find(".status");
    if (status.textContent !== words[each.state]) status.textContent = words[each.state];
  }

  #showActions({ role, state }) {
    const focused = this.find(":focus");
    const visible = {
      ".dial": role === "caller" && state === "idle",
      ".withheld": role === "caller" && state === "idle",
      ".answer": state === "ringing",
      ".decline": state === "ringing",
      ".voicemail": state === "ringing",
      ".hang-up": state === "line" || state === "talking",
      ".still": (role !== "caller" && state === "idle") || state === "voicemail",
    };
    for (const [selector, is] of Object.entries(visible)) this.find(selector).hidden = !is;
    const still = state === "voicemail" ? "Nessuno preme un tasto" : "In attesa";
    if (this.find(".still").textContent !== still) this.find(".still").textContent = still;
    const likely = role === "caller" ? "123459" : "12";
    for (const button of this.find(".keys").children) {
      button.disabled = !this.isOnTheLine;
      button.classList.toggle("likely", state === "line" && likely.includes(button.dataset.key));
    }
    if (focused?.disabled || focused?.closest("[hidden]")) this.#focusOnWhatIsThere();
  }

  // The button has gone; whoever uses a keyboard goes on at the keys or at the next button.
  #focusOnWhatIsThere() {
    const next = this.find(".keys button:enabled, .actions button:not([hidden])");
    (next ?? this.find(".captions")).focus({ preventScroll: true });
  }

  #showLog(log, ear) {
    const list = this.find(".captions");
    const wanted = new Set(log.map((entry) => entry.id));
    let grown = false;
    for (const [id, item] of this.items) {
      if (!wanted.has(id)) {
        item.remove();
        this.items.delete(id);
      }
    }
    for (const entry of log) {
      let item = this.items.get(entry.id);
      if (!item) {
        item = makeItem(entry, this.line);
        if (!item) continue;
        this.items.set(entry.id, item);
        list.append(item);
        grown = true;
      }
      if (entry.kind === "speech") {
        markHeard(item, entry);
        ear.hear(this.id, entry);
      }
    }
    if (grown) list.scrollTop = list.scrollHeight;
    else keepSpokenInView(list);
  }
}

function makeItem(entry, line) {
  const item = document.createElement("p");
  if (entry.kind === "speech") {
    item.lang = entry.lang;
    item.dir = "auto";
    const words = entry.text.split(/\s+/);
    item.classList.toggle("short", words.length === 1);
    for (const word of words) {
      const span = document.createElement("span");
      span.className = "coming";
      span.textContent = word;
      item.append(span, " ");
    }
  } else if (entry.kind === "sound") {
    item.className = "sound";
    item.textContent = entry.text;
  } else if (entry.kind === "key") {
    item.className = "pressed";
    const key = document.createElement("span");
    key.textContent = entry.text;
    item.append("Premuto ", key);
  } else if (entry.kind === "text") {
    item.className = "text";
    item.textContent = `SMS: ${entry.text}`;
  } else if (NARRATED[entry.kind]) {
    item.className = "narrated";
    item.textContent = NARRATED[entry.kind](entry.text, line);
  } else {
    return null;
  }
  return item;
}

function markHeard(item, entry) {
  item.classList.toggle("cut", entry.over && entry.heard < entry.text.split(/\s+/).length);
  const words = item.querySelectorAll("span");
  words.forEach((span, place) => {
    span.className = place < entry.heard ? "" : "coming";
    span.hidden = entry.over && place >= entry.heard;
  });
}

function keepSpokenInView(list) {
  const coming = list.querySelector(".coming:not([hidden])");
  if (!coming || list.matches(":hover, :focus")) return;
  const below = coming.offsetTop + coming.offsetHeight - list.offsetTop - list.clientHeight;
  if (below > list.scrollTop) list.scrollTop = below + 8;
}
