// What do the ring plan and the story of the present call look like?
const WEIGHTY = new Set(["came_in", "accepted", "met", "outcome"]);

export class Board {
  constructor(at) {
    this.at = at;
    this.call = null;
    this.events = 0;
    this.plan = "";
  }

  get category() {
    return this.at("category").value;
  }

  show(state) {
    this.#showCategories(state);
    this.#showPlan(state.plan);
    this.#showCall(state.call);
  }

  #showCategories({ categories, call }) {
    const select = this.at("category");
    if (select.options.length === 1) {
      for (const { code, name } of categories) select.append(new Option(name.toLowerCase(), code));
    }
    select.disabled = Boolean(call?.live);
    if (call?.live) {
      const known = categories.find(({ name }) => name === call.category);
      select.value = known ? known.code : "";
    }
  }

  #showPlan(plan) {
    const drawn = JSON.stringify(plan);
    if (drawn === this.plan) return;
    this.plan = drawn;
    this.at("tiers").replaceChildren(...plan.tiers.map(tierItem));
    this.at("left-out").textContent = plan.left_out.length
      ? `Non squillano: ${plan.left_out.map(({ name, reason }) => `${name} (${reason})`).join(", ")}`
      : "";
  }

  #showCall(call) {
    if (!call) return;
    const list = this.at("timeline");
    if (call.id !== this.call) {
      list.replaceChildren();
      this.call = call.id;
      this.events = 0;
    }
    for (const event of call.timeline.slice(this.events)) list.append(eventItem(event));
    if (call.timeline.length > this.events) list.scrollTop = list.scrollHeight;
    this.events = call.timeline.length;
    const facts = [`alle ${call.began}`, call.category || "motivo non detto", call.language];
    if (call.withheld) facts.push("numero nascosto");
    setText(this.at("length"), call.length);
    setText(this.at("facts"), facts.join(" · "));
    const talks = call.talks.map(({ name, length, live }) =>
      live ? `Parla con ${name} da ${length}` : `Ha parlato con ${name} per ${length}`,
    );
    setText(this.at("talks"), talks.join(" · "));
  }
}

function tierItem(tier) {
  const item = make("li", "tier");
  const active = tier.people.some(({ state }) => state !== "waiting");
  item.classList.toggle("joined", active);
  const soon = tier.joins_in !== null && tier.joins_in > 0;
  const when = soon ? `tra ${tier.joins_in} s` : tier.after === 0 ? "subito" : `dopo ${tier.after} s`;
  const column = make("div");
  column.append(make("p", "of", tier.role));
  const people = make("div", "people");
  for (const { name, state, words } of tier.people) {
    const person = make("span", "person", name);
    person.dataset.state = state;
    if (words) person.append(make("small", "", words));
    people.append(person);
  }
  if (!tier.people.length) people.append(make("span", "of", "nessuno"));
  column.append(people);
  item.append(make("p", "when", when), column);
  return item;
}

function eventItem({ after, event, text }) {
  const item = make("li", WEIGHTY.has(event) ? "weighty" : "");
  item.append(make("time", "", after), make("span", "", text));
  return item;
}

function make(tag, look = "", text = "") {
  const element = document.createElement(tag);
  if (look) element.className = look;
  if (text) element.textContent = text;
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
