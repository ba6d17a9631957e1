// What should one try next? One sentence, from what the telephones are doing.
const MENU =
  "Premi 1 violenza · 2 minorenni · 3 persone sole · 4 letto o pasto · 5 informazioni · 9 altre lingue. " +
  "O resta in silenzio: squilla comunque.";

function names(phones) {
  const all = phones.map((phone) => phone.name);
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} e ${all.at(-1)}` : all.join("");
}

export function hintFor(state) {
  const [caller, ...staff] = state.phones;
  const inState = (wanted) => staff.filter((phone) => phone.state === wanted);
  const talking = inState("talking");
  const listening = inState("line");
  const ringing = inState("ringing");
  if (talking.length) return `${names(talking)} e chi chiama ora si parlano. Riaggancia da una delle due parti.`;
  if (listening.length && caller.state !== "idle") {
    return `${names(listening)} sente di che cosa si tratta: premi 1 per accettare, 2 per passare ad altri.`;
  }
  if (listening.length) return `${names(listening)} ascolta un avviso. Premi 1 se lo chiede.`;
  if (ringing.length && caller.state === "idle") {
    return `Qualcuno ha chiamato e nessuno ha risposto: per questo squilla ${names(ringing)}. Rispondi.`;
  }
  if (ringing.length) {
    const verb = ringing.length > 1 ? "Squillano" : "Squilla";
    return `${verb} ${names(ringing)}. Rispondi e premi 1; oppure rifiuta, o lascia la segreteria, e guarda chi viene chiamato dopo.`;
  }
  if (caller.state !== "idle") return MENU;
  if (state.call) return "Fatto. Richiama, anche di notte o con il numero nascosto, o prova a non rispondere.";
  return "Il primo telefono è di chi ha bisogno: premi «Chiama», poi rispondi con gli altri. Nessuno risponde? Guarda chi viene chiamato dopo.";
}
