/**
 * A small list of words of danger, for text that could not be sent. The assistant's own screen (bot/safety) is far finer;
 * this one works with no connection, and errs on the side of showing help lines.
 */

const SELF = "(?:my ?self|himself|herself|themsel(?:f|ves))";

const DANGER = new RegExp(
  [
    "suicid",
    "\\bkms\\b",
    "unaliv",
    "self ?harm",
    "overdos",
    "\\bod(?:ed|ing)\\b",
    `(?:kill|killing|hurt|hurting|harm|harming|cut|cutting|hang|hanging|shoot|drown|end|ending|starve) ${SELF}`,
    "\\b(?:want|wanna|wants|wanted|wish|rather|going|ready|plan\\w*|try|trying|better off|hope|hoping) (?:\\w+ ){0,3}(?:die|dead|dying)\\b",
    "\\b(?:end|ending|take|taking|took) (?:it all|(?:my|his|her|their) (?:own )?life)\\b",
    "\\b(?:not|dont|do not|never|no longer) (?:\\w+ ){0,2}(?:want(?:ing)?|wanna) (?:to )?(?:be (?:here|alive|around)|live|exist|wake up|go on)\\b",
    "\\b(?:cant|can not|cannot) (?:go on|do this any ?more|take (?:it|this) any ?more|live like this|cope)\\b",
    "\\b(?:no|nothing|any) (?:reason|point)? ?(?:to|in|for) (?:live|living|going on|life)\\b",
    "not worth living",
    "hate my life",
    "better off without me",
    "goodbye (?:everyone|world|forever)",
    "jump (?:off|from|in front)",
    "(?:took|taken|swallow\\w*|ate) (?:\\w+ ){0,4}(?:all|too many|whole|entire|lots|handful|\\d\\d+) ?(?:\\w+ ){0,3}(?:pill|tablet|capsule|pack|box|bottle)?",
    "not safe",
    "hear(?:ing)? voices",
    "(?:so|really|very|feel\\w*) (?:hopeless|worthless|depressed)",
    "depress(?:ed|ion)",
    "(?:cant|can not|cannot|trouble|hard to|struggl\\w+ to|difficulty) breath",
    "chest pain",
    "(?:throat|face|tongue|lips?) (?:is |are )?swel",
    "swollen (?:throat|face|tongue)",
    "pass(?:ed|ing) out",
    "faint(?:ed|ing)",
    "unconscious",
    "seizure",
    "vomit\\w* blood",
    "going blind",
    "cant see",
    "worst headache",
    "slurr",
    "yellow (?:skin|eyes)",
    "pregnan",
    "missed (?:my )?period",
    "period is late",
    "late period",
    "condom (?:broke|split)",
    "unprotected sex",
    // softer words: people in danger often say no more than these
    "\\b(?:cry|cried|crying|tearful|tears|numb|empty|alone|lonely|hopeless|worthless|pointless|meaningless|burden|guilt\\w*|ashamed|scared|panic\\w*|funeral|goodbye|exhausted|trapped)\\b",
    "\\b(?:any ?more|no ?(?:one|body)|not myself|give up|giving up|gave up|been sick|being sick|throw\\w* up|threw up|collaps\\w*|shaking|shiver\\w*|trembl\\w*|dizzy|blurr\\w*|ambulance|hospital)\\b",
    "\\b(?:no condom|without a condom|positive test|test (?:was|is|came) (?:back )?positive|no period|late by|days late|forgot my pill|missed (?:my|a) pill)\\b",
    "\\b(?:cant|can not|cannot) (?:stop|bear|sleep|eat|move|hear|feel|face|stay)",
    "\\b(?:hasnt|havent|not) slept",
    "\\bbe(?:ing)? alive\\b",
    "think(?:ing|in)? (?:about )?(?:ill|im going to|it)\\b",
    "tired of",
    // the plainest words for it in the languages the assistant answers a crisis in
    "quiero morir",
    "matarme",
    "suizid",
    "selbstmord",
    "umbringen",
    "will sterben",
    "veux mourir",
    "me tuer",
    "voglio morire",
    "uccidermi",
    "ammazzarmi",
    "quero morrer",
    "me matar",
    "zelfmoord",
    "wil (?:niet meer leven|dood)",
    "samobojst",
    "chce umrzec",
    "zabic sie",
    "intihar",
    "olmek ist",
    "самоуби",
    "суицид",
    "хочу умереть",
    "не хочу жить",
    "自杀",
    "自殺",
    "想死",
    "不想活",
    "انتحار",
    "أموت",
    "اموت",
    "आत्महत्या",
    "मरना चाहत",
  ].join("|"),
  "u",
);

/** Return whether a text may speak of danger. */
export function looksLikeDanger(text: string): boolean {
  const plain = text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{Script=Latin}\p{Mn}+/gu, (letter) => letter.charAt(0))
    .replace(/ł/g, "l")
    .replace(/ı/g, "i")
    .replace(/['’`´]/g, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ");
  return DANGER.test(plain);
}
