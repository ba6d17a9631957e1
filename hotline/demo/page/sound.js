// What is heard aloud? One telephone's voice at a time, and a soft ringing; both only if the browser can.
const LATE = 0.5;

export class Ear {
  constructor() {
    this.exists = "speechSynthesis" in window;
    this.phone = null;
    this.speaking = null;
    this.done = new Set();
  }

  toggle(id, phones) {
    this.listenTo(this.phone === id ? null : id, phones);
  }

  listenTo(id, phones) {
    if (!this.exists || this.phone === id) return;
    this.silence();
    this.phone = id;
    for (const phone of phones.values()) {
      phone.find(".ear").setAttribute("aria-pressed", String(phone.id === id));
    }
  }

  silence() {
    if (this.exists) window.speechSynthesis.cancel();
    this.speaking = null;
  }

  hear(phoneId, entry) {
    if (!this.exists || phoneId !== this.phone) return;
    const words = entry.text.split(/\s+/).length;
    if (entry.over && entry.heard < words && this.speaking === entry.id) this.silence();
    if (this.done.has(entry.id)) return;
    this.done.add(entry.id);
    if (entry.over ? words > 1 : entry.heard > words * LATE && words > 3) return;
    const said = new SpeechSynthesisUtterance(entry.text);
    said.lang = entry.lang;
    const voices = window.speechSynthesis.getVoices();
    const language = entry.lang.slice(0, 2);
    said.voice = voices.find((voice) => voice.lang === entry.lang) ??
      voices.find((voice) => voice.lang.startsWith(language)) ?? null;
    said.onstart = () => (this.speaking = entry.id);
    said.onend = () => (this.speaking = this.speaking === entry.id ? null : this.speaking);
    window.speechSynthesis.speak(said);
  }
}

export class Ringer {
  constructor() {
    this.Context = window.AudioContext ?? window.webkitAudioContext;
    this.exists = Boolean(this.Context);
    this.on = true;
    this.ringing = false;
    this.timer = null;
  }

  // Browsers allow sound only after a touch.
  wake() {
    if (this.exists && !this.context) this.context = new this.Context();
    this.context?.resume?.();
  }

  toggle(button) {
    this.on = !this.on;
    button.setAttribute("aria-pressed", String(this.on));
    if (this.on) this.wake();
  }

  ring(ringing) {
    if (ringing === this.ringing) return;
    this.ringing = ringing;
    clearInterval(this.timer);
    if (ringing) {
      this.#chime();
      this.timer = setInterval(() => this.#chime(), 2600);
    }
  }

  #chime() {
    if (!this.on || !this.context || this.context.state !== "running") return;
    const now = this.context.currentTime;
    [0, 0.16, 0.32, 0.48].forEach((delay, place) => this.#note(place % 2 ? 659 : 523, now + delay));
  }

  #note(pitch, from) {
    const tone = this.context.createOscillator();
    const loudness = this.context.createGain();
    tone.type = "sine";
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, from);
    loudness.gain.linearRampToValueAtTime(0.045, from + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.0005, from + 0.5);
    tone.connect(loudness).connect(this.context.destination);
    tone.start(from);
    tone.stop(from + 0.55);
  }
}
